/// Flags as Docker reads them.
@NullMarked
package io.djong.cli.flag;

import org.jspecify.annotations.NullMarked;
