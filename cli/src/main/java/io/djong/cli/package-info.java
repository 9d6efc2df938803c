/// The command line: one class per command.
@NullMarked
package io.djong.cli;

import org.jspecify.annotations.NullMarked;
