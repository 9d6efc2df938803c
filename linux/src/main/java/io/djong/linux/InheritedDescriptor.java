package io.djong.linux;

/// An open file that this process was started with.
public final class InheritedDescriptor {
  private static final int F_SETFD = 2;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int FD_CLOEXEC = 1;

  private InheritedDescriptor() {}

  /// Makes it this process's own: programs that it starts do not get it, and calls on it return
  /// `EAGAIN` where they would wait. Idempotent. Whoever shares the open file shares the latter.
  ///
  /// @throws KernelException `EBADF` if there is no such descriptor
  public static void takeOver(int descriptor) throws KernelException {
    String subject = "fcntl of descriptor " + descriptor;
    ProcessCalls.check(
        subject, ProcessCalls.call(ProcessCalls.FCNTL, descriptor, F_SETFD, FD_CLOEXEC));
    int flags =
        ProcessCalls.check(subject, ProcessCalls.call(ProcessCalls.FCNTL, descriptor, F_GETFL, 0));
    ProcessCalls.check(
        subject,
        ProcessCalls.call(
            ProcessCalls.FCNTL, descriptor, F_SETFL, flags | ProcessCalls.O_NONBLOCK));
  }
}
