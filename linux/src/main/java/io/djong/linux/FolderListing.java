package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import io.djong.model.RawPath;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Reads the names in a folder (`getdents64(2)`).
final class FolderListing {
  private static final int BLOCK = 1 << 15;
  private static final int LENGTH_OFFSET = 16;
  private static final int NAME_OFFSET = 19;

  private FolderListing() {}

  /// @param folder opened for reading
  static List<RawPath> names(int folder, RawPath subject) throws KernelException {
    List<RawPath> names = new ArrayList<>();
    try (Frame frame = new Frame()) {
      frame.check(Syscall.LSEEK, subject, folder, 0, 0);
      MemorySegment block = frame.allocate(BLOCK);
      while (true) {
        long filled = frame.check(Syscall.GETDENTS64, subject, folder, block.address(), BLOCK);
        if (filled == 0) {
          return names;
        }
        long at = 0;
        while (at < filled) {
          byte[] name = name(block, at + NAME_OFFSET);
          if (!isDots(name)) {
            names.add(RawPath.of(name));
          }
          at += Short.toUnsignedInt(block.get(Libc.SHORT, at + LENGTH_OFFSET));
        }
      }
    }
  }

  private static byte[] name(MemorySegment block, long start) {
    long end = start;
    while (block.get(Libc.BYTE, end) != 0) {
      end++;
    }
    return block.asSlice(start, end - start).toArray(Libc.BYTE);
  }

  private static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }
}
