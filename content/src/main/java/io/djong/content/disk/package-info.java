/// Blobs as files in folders.
@NullMarked
package io.djong.content.disk;

import org.jspecify.annotations.NullMarked;
