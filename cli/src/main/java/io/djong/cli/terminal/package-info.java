/// The terminal and its signals.
@NullMarked
package io.djong.cli.terminal;

import org.jspecify.annotations.NullMarked;
