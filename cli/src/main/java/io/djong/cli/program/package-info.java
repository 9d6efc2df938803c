/// Programs of the system that commands make use of.
@NullMarked
package io.djong.cli.program;

import org.jspecify.annotations.NullMarked;
