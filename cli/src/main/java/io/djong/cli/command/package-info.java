/// The commands, one class each.
@NullMarked
package io.djong.cli.command;

import org.jspecify.annotations.NullMarked;
