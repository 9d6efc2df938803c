/// Tar archives as POSIX, GNU and Docker write them, byte by byte: names are bytes, numbers are
/// checked, everything has a limit. And file trees packed into and unpacked from them below a
/// [io.djong.linux.Root].
@NullMarked
package io.djong.layers.tar;

import org.jspecify.annotations.NullMarked;
