package io.djong.layers.erofs;

import io.djong.linux.FileKind;

/// The numbers of EROFS on the disk (kernel documentation, `filesystems/erofs.rst`). All are little
/// endian.
final class IndexFormat {
  static final int BLOCK_BITS = 9;

  /// That of tar, so that a block of a file is a block of the tar.
  static final int BLOCK = 1 << BLOCK_BITS;

  static final int SUPER = 1024;
  static final int SUPER_SIZE = 128;
  static final int DEVICE_SLOT = 128;
  static final int MAGIC = 0xE0F5E1E2;
  static final int COMPAT_CHECKSUM = 1;
  static final int COMPAT_MTIME = 2;
  static final int INCOMPAT_CHUNKED = 4;
  static final int INCOMPAT_DEVICES = 8;

  /// Inodes lie at multiples of this; the quotient is their number.
  static final int SLOT = 32;

  /// Of the extended form.
  static final int INODE = 64;

  private static final int EXTENDED = 1;
  static final int LAYOUT_PLAIN = EXTENDED;
  static final int LAYOUT_INLINE = 2 << 1 | EXTENDED;
  static final int LAYOUT_CHUNKS = 4 << 1 | EXTENDED;

  static final int CHUNK_INDEXES = 0x20;
  static final int CHUNK_INDEX = 8;
  static final int MAX_CHUNK_BITS = 31;
  static final int HOLE = -1;

  static final int DIRENT = 12;
  static final int XATTR_HEADER = 12;
  static final int XATTR_ENTRY = 4;

  private IndexFormat() {}

  /// The type of a directory entry.
  static byte type(FileKind kind) {
    return switch (kind) {
      case REGULAR -> 1;
      case FOLDER -> 2;
      case CHARACTER_DEVICE -> 3;
      case BLOCK_DEVICE -> 4;
      case FIFO -> 5;
      case SOCKET -> 6;
      case SYMLINK -> 7;
    };
  }

  /// The number of a device as `mknod(2)` makes it of these, in the kernel's new encoding.
  static int device(int major, int minor) {
    return (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & 0xfff00) << 12);
  }

  static long blocks(long bytes) {
    return (bytes + BLOCK - 1) >>> BLOCK_BITS;
  }

  static long align(long position, int to) {
    return (position + to - 1) & -to;
  }
}
