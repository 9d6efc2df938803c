package io.djong.linux;

/// What an inode is (`inode(7)`).
public enum FileKind {
  REGULAR(0100000),
  FOLDER(0040000),
  SYMLINK(0120000),
  CHARACTER_DEVICE(0020000),
  BLOCK_DEVICE(0060000),
  FIFO(0010000),
  SOCKET(0140000);

  private static final int MASK = 0170000;

  private final int bits;

  FileKind(int bits) {
    this.bits = bits;
  }

  /// The kind as it stands in `st_mode`.
  public int bits() {
    return bits;
  }

  static FileKind of(int mode) {
    for (FileKind kind : values()) {
      if (kind.bits == (mode & MASK)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no kind of file: mode " + Integer.toOctalString(mode));
  }
}
