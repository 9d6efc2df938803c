/// File trees packed into tar archives and unpacked from them, below a [io.djong.linux.Root]. The
/// format itself is `io.djong.content.tar`.
@NullMarked
package io.djong.layers.tar;

import org.jspecify.annotations.NullMarked;
