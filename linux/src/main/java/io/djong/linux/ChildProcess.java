package io.djong.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;

/// A child of ours. It is waited for as soon as it ends, whether anybody asks or not, so that none
/// stays behind as a zombie. Safe for use by several threads.
public final class ChildProcess {
  private static final int P_PID = 1;
  private static final int WEXITED = 4;
  private static final int CLD_EXITED = 1;

  private final int pid;
  private final int descriptor;
  private final CountDownLatch reaped = new CountDownLatch(1);
  private int code;

  ChildProcess(Poller poller, int pid) throws IOException {
    this.pid = pid;
    this.descriptor =
        ProcessCalls.check(
            "pidfd_open " + pid, ProcessCalls.call(ProcessCalls.PIDFD_OPEN, pid, 0, 0));
    poller.register(descriptor, Poller.IN, this::reap);
  }

  private synchronized void reap() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(128, 8);
      ProcessCalls.call(ProcessCalls.WAITID, P_PID, pid, info.address(), WEXITED, 0, 0);
      int how = info.get(Libc.INT, 8);
      int status = info.get(Libc.INT, 24);
      code = how == CLD_EXITED ? status : 128 + status;
    }
    ProcessCalls.close(descriptor);
    reaped.countDown();
  }

  public int pid() {
    return pid;
  }

  /// Waits for its end.
  ///
  /// @return the exit code, or 128 and the signal
  public int await() throws InterruptedException {
    reaped.await();
    synchronized (this) {
      return code;
    }
  }

  /// Sends a signal; never reaches another process.
  ///
  /// @return false if it has ended
  public synchronized boolean signal(int signal) throws IOException {
    if (reaped.getCount() == 0) {
      return false;
    }
    ProcessCalls.check(
        "pidfd_send_signal " + signal + " to " + pid,
        ProcessCalls.call(ProcessCalls.PIDFD_SEND_SIGNAL, descriptor, signal, 0, 0));
    return true;
  }
}
