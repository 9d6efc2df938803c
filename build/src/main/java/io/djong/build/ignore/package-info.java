/// Patterns of paths, as ignore files and COPY have them.
@NullMarked
package io.djong.build.ignore;

import org.jspecify.annotations.NullMarked;
