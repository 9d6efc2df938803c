/// Patterns of paths, as ignore files and COPY have them.
@NullMarked
package io.djong.model.ignore;

import org.jspecify.annotations.NullMarked;
