/// Layers as directories and overlayfs above them.
@NullMarked
package io.djong.layers.overlay;

import org.jspecify.annotations.NullMarked;
