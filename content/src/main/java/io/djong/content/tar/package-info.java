/// Tar archives as POSIX, GNU and Docker write them, byte by byte: names are bytes, numbers are
/// checked, everything has a limit.
@NullMarked
package io.djong.content.tar;

import org.jspecify.annotations.NullMarked;
