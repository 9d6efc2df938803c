package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import io.djong.model.RawPath;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks for extended attributes: first with the little memory that is nearly always enough, then
/// with the most that there can be (`xattr(7)`).
final class XattrCalls {
  private static final int USUAL = 256;
  private static final int MOST = 1 << 16;

  private XattrCalls() {}

  /// A call that fills memory.
  @FunctionalInterface
  interface Filling {
    /// @return how much it filled, or the error number negated
    long fill(MemorySegment into, long size);
  }

  static List<byte[]> names(Frame frame, RawPath path, Filling call) throws KernelException {
    MemorySegment names = frame.allocate(USUAL);
    long length = call.fill(names, USUAL);
    if (length == -Errno.ERANGE) {
      names = frame.allocate(MOST);
      length = call.fill(names, MOST);
    }
    if (length < 0 && length != -Errno.EOPNOTSUPP) {
      throw Syscall.LISTXATTR.failed(path, length);
    }
    List<byte[]> found = new ArrayList<>();
    long start = 0;
    for (long i = 0; i < length; i++) {
      if (names.get(Libc.BYTE, i) == 0) {
        found.add(names.asSlice(start, i - start).toArray(Libc.BYTE));
        start = i + 1;
      }
    }
    return found;
  }

  static byte @Nullable [] value(Frame frame, RawPath path, Filling call) throws KernelException {
    MemorySegment value = frame.allocate(USUAL);
    long length = call.fill(value, USUAL);
    if (length == -Errno.ERANGE) {
      value = frame.allocate(MOST);
      length = call.fill(value, MOST);
    }
    if (length == -Errno.ENODATA || length == -Errno.EOPNOTSUPP) {
      return null;
    }
    if (length < 0) {
      throw Syscall.GETXATTR.failed(path, length);
    }
    return value.asSlice(0, length).toArray(Libc.BYTE);
  }
}
