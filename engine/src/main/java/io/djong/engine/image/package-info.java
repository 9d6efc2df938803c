/// Images: their index, and how they come, change and go.
@NullMarked
package io.djong.engine.image;

import org.jspecify.annotations.NullMarked;
