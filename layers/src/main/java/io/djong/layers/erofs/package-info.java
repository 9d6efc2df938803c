/// Layers as tars with an EROFS index beside them.
@NullMarked
package io.djong.layers.erofs;

import org.jspecify.annotations.NullMarked;
