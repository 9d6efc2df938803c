package io.djong.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The system calls about files, mounts, sockets and namespaces, through the one function
/// `syscall(2)`: one handle to link instead of thirty, so that the first call of a process is not
/// paid again for every verb. The numbers are those of the kernel's tables for x86_64 and for the
/// generic architectures (aarch64).
enum Syscall {
  READ(0, 63),
  WRITE(1, 64),
  CLOSE(3, 57),
  LSEEK(8, 62),
  IOCTL(16, 29),
  SOCKET(41, 198),
  SENDTO(44, 206),
  RECVFROM(45, 207),
  BIND(49, 200),
  SETSOCKOPT(54, 208),
  FSYNC(74, 82),
  FDATASYNC(75, 83),
  FTRUNCATE(77, 46),
  FCHMOD(91, 52),
  SETFSUID(122, 151),
  SETFSGID(123, 152),
  CAPGET(125, 90),
  CAPSET(126, 91),
  MOUNT(165, 40),
  UMOUNT2(166, 39),
  SETXATTR(188, 5),
  FSETXATTR(190, 7),
  GETXATTR(191, 8),
  FGETXATTR(193, 10),
  LISTXATTR(194, 11),
  FLISTXATTR(196, 13),
  REMOVEXATTR(197, 14),
  GETDENTS64(217, 61),
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  FCHOWNAT(260, 54),
  UNLINKAT(263, 35),
  LINKAT(265, 37),
  SYMLINKAT(266, 36),
  READLINKAT(267, 78),
  FCHMODAT(268, 53),
  UNSHARE(272, 97),
  SYNC_FILE_RANGE(277, 84),
  UTIMENSAT(280, 88),
  SYNCFS(306, 267),
  SETNS(308, 268),
  RENAMEAT2(316, 276),
  STATX(332, 291),
  OPEN_TREE(428, 428),
  MOVE_MOUNT(429, 429),
  FSOPEN(430, 430),
  FSCONFIG(431, 431),
  FSMOUNT(432, 432),
  OPENAT2(437, 437),
  MOUNT_SETATTR(442, 442),
  QUOTACTL_FD(443, 443);

  private static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));
  private static final MethodHandle CALL =
      Libc.bind(
          "syscall",
          FunctionDescriptor.of(
              Libc.LONG, Libc.LONG, Libc.LONG, Libc.LONG, Libc.LONG, Libc.LONG, Libc.LONG,
              Libc.LONG));

  /// Where error numbers go that nobody reads.
  private static final MemorySegment UNREAD = Libc.errnoSegment(Arena.global());

  /// These two differ between the architectures as well (`fcntl.h`).
  static final int O_DIRECTORY = X86 ? 0200000 : 040000;

  static final int O_NOFOLLOW = X86 ? 0400000 : 0100000;

  private final int x86;
  private final int generic;

  Syscall(int x86, int generic) {
    this.x86 = x86;
    this.generic = generic;
  }

  private long number() {
    return X86 ? x86 : generic;
  }

  /// What the kernel answers: a result, or the error number negated.
  private static long invoke(MemorySegment errno, long n, long a, long b, long c, long d, long e) {
    try {
      long result = (long) CALL.invokeExact(errno, n, a, b, c, d, e, 0L);
      return result == -1 ? -Libc.errno(errno) : result;
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  /// Memory for the arguments of a call or a few, and the calls themselves. For one thread.
  static final class Frame implements AutoCloseable {
    /// What nearly all calls get by with: one piece of memory for all their arguments.
    private static final int USUAL = 768;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment usual = arena.allocate(USUAL, Long.BYTES);
    private long used;
    private final MemorySegment errno = Libc.errnoSegment((size, _) -> allocate(size));

    /// A zeroed block, aligned for longs.
    MemorySegment allocate(long size) {
      long start = used;
      if (size > USUAL - start) {
        return arena.allocate(size, Long.BYTES);
      }
      used = (start + size + Long.BYTES - 1) & -Long.BYTES;
      return usual.asSlice(start, size);
    }

    /// The address of these bytes with a NUL behind them.
    long text(byte[] bytes) {
      MemorySegment text = allocate(bytes.length + 1L);
      MemorySegment.copy(bytes, 0, text, Libc.BYTE, 0, bytes.length);
      return text.address();
    }

    long text(String text) {
      return text(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// The address of this int.
    long number(int value) {
      MemorySegment number = allocate(Integer.BYTES);
      number.set(Libc.INT, 0, value);
      return number.address();
    }

    /// @return the result, or the error number negated
    long call(Syscall call, long... arguments) {
      return invoke(
          errno,
          call.number(),
          argument(arguments, 0),
          argument(arguments, 1),
          argument(arguments, 2),
          argument(arguments, 3),
          argument(arguments, 4));
    }

    /// @param subject for the message of the exception
    long check(Syscall call, Object subject, long... arguments) throws KernelException {
      long result = call(call, arguments);
      if (result < 0) {
        throw call.failed(subject, result);
      }
      return result;
    }

    private static long argument(long[] arguments, int index) {
      return index < arguments.length ? arguments[index] : 0;
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /// Closes a descriptor; what the kernel says to it is of no use to anybody.
  static void close(int descriptor) {
    invoke(UNREAD, CLOSE.number(), descriptor, 0, 0, 0, 0);
  }

  KernelException failed(Object subject, long negated) {
    return new KernelException(
        name().toLowerCase(java.util.Locale.ROOT) + " \"" + subject + "\"", (int) -negated);
  }
}
