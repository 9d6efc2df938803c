/// What the AOT cache of the command line is trained with (docs/decisions/0008).
@NullMarked
package io.djong.cli.training;

import org.jspecify.annotations.NullMarked;
