package io.djong.engine.container;

import io.djong.linux.FileStatus;

/// File modes in the numbers of Go's `os.FileMode`, as Docker's clients read them. Pure.
final class GoFileMode {
  private static final long DIR = 1L << 31;
  private static final long SYMLINK = 1L << 27;
  private static final long DEVICE = 1L << 26;
  private static final long NAMED_PIPE = 1L << 25;
  private static final long SOCKET = 1L << 24;
  private static final long SETUID = 1L << 23;
  private static final long SETGID = 1L << 22;
  private static final long CHAR_DEVICE = 1L << 21;
  private static final long STICKY = 1L << 20;

  private GoFileMode() {}

  static long of(FileStatus status) {
    long mode = status.permissions() & 0777;
    mode |= (status.permissions() & 04000) != 0 ? SETUID : 0;
    mode |= (status.permissions() & 02000) != 0 ? SETGID : 0;
    mode |= (status.permissions() & 01000) != 0 ? STICKY : 0;
    return mode
        | switch (status.kind()) {
          case REGULAR -> 0;
          case FOLDER -> DIR;
          case SYMLINK -> SYMLINK;
          case CHARACTER_DEVICE -> DEVICE | CHAR_DEVICE;
          case BLOCK_DEVICE -> DEVICE;
          case FIFO -> NAMED_PIPE;
          case SOCKET -> SOCKET;
        };
  }
}
