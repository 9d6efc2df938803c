package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import io.djong.model.RawPath;
import java.lang.foreign.MemorySegment;
import java.time.Instant;

/// The calls on folder descriptors that [Root] and [TreeRemoval] share. A path is resolved by the
/// kernel inside the folder of the descriptor, whatever links it holds.
final class Descriptors {
  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_CREAT = 0100;
  static final int O_EXCL = 0200;
  static final int O_NONBLOCK = 04000;
  static final int O_CLOEXEC = 02000000;
  static final int O_PATH = 010000000;
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_REMOVEDIR = 0x200;
  static final int AT_EMPTY_PATH = 0x1000;
  static final int RESOLVE_NO_XDEV = 0x01;
  static final int RESOLVE_NO_MAGICLINKS = 0x02;
  static final int RESOLVE_IN_ROOT = 0x10;

  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_SIZE = 256;

  /// How often the kernel may lose a race about `..` before that is an error.
  private static final int ATTEMPTS = 256;

  private Descriptors() {}

  /// Opens a path inside a folder.
  static int open(Frame frame, int folder, RawPath path, int flags, int mode, int resolve)
      throws KernelException {
    byte[] text = path.isRoot() ? new byte[] {'.'} : path.bytes();
    MemorySegment how = frame.allocate(24);
    how.set(Libc.LONG, 0, flags | O_CLOEXEC);
    how.set(Libc.LONG, 8, mode);
    how.set(Libc.LONG, 16, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve);
    long address = frame.text(text);
    long result = 0;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      result = frame.call(Syscall.OPENAT2, folder, address, how.address(), 24);
      // The kernel gives EAGAIN when a rename elsewhere makes `..` ambiguous: openat2(2).
      if (result != -Errno.EAGAIN && result != -Errno.EINTR) {
        break;
      }
    }
    if (result < 0) {
      throw Syscall.OPENAT2.failed(path, result);
    }
    return (int) result;
  }

  /// Opens a path of the machine as any program would.
  static int openAnywhere(Frame frame, String path, int flags) throws KernelException {
    MemorySegment how = frame.allocate(24);
    how.set(Libc.LONG, 0, flags | O_CLOEXEC);
    return (int) frame.check(Syscall.OPENAT2, path, AT_FDCWD, frame.text(path), how.address(), 24);
  }

  static void close(int descriptor) {
    Syscall.close(descriptor);
  }

  /// The status of a descriptor, or with a name of what is in its folder by that name.
  static FileStatus status(Frame frame, int folder, byte[] name, Object subject)
      throws KernelException {
    MemorySegment statx = frame.allocate(STATX_SIZE);
    int flags = AT_SYMLINK_NOFOLLOW | (name.length == 0 ? AT_EMPTY_PATH : 0);
    frame.check(
        Syscall.STATX,
        subject,
        folder,
        frame.text(name),
        flags,
        STATX_BASIC_STATS,
        statx.address());
    return status(statx);
  }

  private static FileStatus status(MemorySegment statx) {
    int mode = Short.toUnsignedInt(statx.get(Libc.SHORT, 28));
    return new FileStatus(
        FileKind.of(mode),
        mode & 07777,
        statx.get(Libc.INT, 20),
        statx.get(Libc.INT, 24),
        statx.get(Libc.INT, 128),
        statx.get(Libc.INT, 132),
        statx.get(Libc.LONG, 40),
        statx.get(Libc.LONG, 48),
        statx.get(Libc.INT, 16),
        statx.get(Libc.LONG, 32),
        (Integer.toUnsignedLong(statx.get(Libc.INT, 136)) << 32)
            | Integer.toUnsignedLong(statx.get(Libc.INT, 140)),
        time(statx, 64),
        time(statx, 112),
        time(statx, 96));
  }

  private static Instant time(MemorySegment statx, long offset) {
    return Instant.ofEpochSecond(statx.get(Libc.LONG, offset), statx.get(Libc.INT, offset + 8));
  }

  /// Two `struct timespec`.
  static long times(Frame frame, Instant accessed, Instant modified) {
    MemorySegment times = frame.allocate(32);
    times.set(Libc.LONG, 0, accessed.getEpochSecond());
    times.set(Libc.LONG, 8, accessed.getNano());
    times.set(Libc.LONG, 16, modified.getEpochSecond());
    times.set(Libc.LONG, 24, modified.getNano());
    return times.address();
  }

  /// Names the inode of a descriptor for calls that take no descriptor made by `O_PATH`.
  static String procPath(int descriptor) {
    return "/proc/self/fd/" + descriptor;
  }
}
