package io.djong.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// System calls about processes, readiness and sockets, through the one function `syscall(2)`: one
/// handle to link for all of them. No call made here blocks for long, so that a virtual thread may
/// make it.
final class ProcessCalls {
  private static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));

  static final int READ = number(0, 63);
  static final int WRITE = number(1, 64);
  static final int CLOSE = number(3, 57);
  static final int IOCTL = number(16, 29);
  static final int SOCKET = number(41, 198);
  static final int CONNECT = number(42, 203);
  static final int SENDTO = number(44, 206);
  static final int SHUTDOWN = number(48, 210);
  static final int KILL = number(62, 129);
  static final int FCNTL = number(72, 25);
  static final int EPOLL_CTL = number(233, 21);
  static final int WAITID = number(247, 95);
  static final int INOTIFY_ADD_WATCH = number(254, 27);
  static final int INOTIFY_RM_WATCH = number(255, 28);
  static final int OPENAT = number(257, 56);
  static final int UNLINKAT = number(263, 35);
  static final int EPOLL_PWAIT = number(281, 22);
  static final int EVENTFD2 = number(290, 19);
  static final int EPOLL_CREATE1 = number(291, 20);
  static final int PIPE2 = number(293, 59);
  static final int INOTIFY_INIT1 = number(294, 26);
  static final int MEMFD_CREATE = number(319, 279);
  static final int PIDFD_SEND_SIGNAL = 424;
  static final int PIDFD_OPEN = 434;

  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_NONBLOCK = 04000;
  static final int O_CLOEXEC = 02000000;
  static final int O_PATH = 010000000;
  static final int AT_FDCWD = -100;

  private static final MethodHandle CALL =
      Libc.bind(
          "syscall",
          FunctionDescriptor.of(
              Libc.LONG, Libc.LONG, Libc.LONG, Libc.LONG, Libc.LONG, Libc.LONG, Libc.LONG,
              Libc.LONG));

  private ProcessCalls() {}

  private static int number(int x86, int generic) {
    return X86 ? x86 : generic;
  }

  /// @return the result, or the error number negated
  static long call(int number, long a, long b, long c, long d, long e, long f) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = Libc.errnoSegment(arena);
      long result = (long) CALL.invokeExact(errno, (long) number, a, b, c, d, e, f);
      return result == -1 ? -Libc.errno(errno) : result;
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  static long call(int number, long a, long b, long c, long d) {
    return call(number, a, b, c, d, 0, 0);
  }

  static long call(int number, long a, long b, long c) {
    return call(number, a, b, c, 0, 0, 0);
  }

  static long call(int number, long a) {
    return call(number, a, 0, 0, 0, 0, 0);
  }

  /// @param what the call and its subject, for the message
  static int check(String what, long result) throws KernelException {
    if (result < 0) {
      throw new KernelException(what, (int) -result);
    }
    return (int) result;
  }

  static int open(String path, int flags) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long result =
          call(OPENAT, AT_FDCWD, arena.allocateFrom(path).address(), flags | O_CLOEXEC, 0);
      return check("open \"" + path + "\"", result);
    }
  }

  /// A descriptor is gone after close(2) whatever it answers.
  static void close(int descriptor) {
    call(CLOSE, descriptor);
  }

  /// The number of bytes that wait in a pipe.
  static int waiting(int descriptor) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(Libc.INT);
      // FIONREAD
      check("ioctl FIONREAD", call(IOCTL, descriptor, 0x541B, count.address()));
      return count.get(Libc.INT, 0);
    }
  }

  /// A second descriptor of the same file, at or above a number.
  static int duplicate(int descriptor, int above) throws KernelException {
    // F_DUPFD_CLOEXEC
    return check("fcntl F_DUPFD_CLOEXEC", call(FCNTL, descriptor, 1030, above));
  }
}
