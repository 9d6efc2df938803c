package io.djong.linux;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/// A process held by a descriptor (`pidfd_open(2)`): a signal never reaches another process that
/// has got the number since, and its end is told without polling. Safe for use by several threads.
public final class ProcessDescriptor implements AutoCloseable {
  private final Poller poller;
  private final int pid;
  private final int descriptor;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final long key;
  private boolean closed;

  private ProcessDescriptor(Poller poller, int pid, int descriptor, Runnable onEnd)
      throws IOException {
    this.poller = poller;
    this.pid = pid;
    this.descriptor = descriptor;
    this.key =
        poller.register(
            descriptor,
            Poller.IN,
            () -> {
              ended.countDown();
              onEnd.run();
            });
  }

  /// Holds the process that has this number now. Compare [ProcessStatus#startTime] afterwards if it
  /// may have been another one before.
  ///
  /// @throws KernelException `ESRCH` if there is none
  public static ProcessDescriptor open(Poller poller, int pid) throws IOException {
    return open(poller, pid, () -> {});
  }

  /// @param onEnd called once when the process has ended, on the poller's thread: it must not block
  public static ProcessDescriptor open(Poller poller, int pid, Runnable onEnd) throws IOException {
    int descriptor =
        ProcessCalls.check(
            "pidfd_open " + pid, ProcessCalls.call(ProcessCalls.PIDFD_OPEN, pid, 0, 0));
    try {
      return new ProcessDescriptor(poller, pid, descriptor, onEnd);
    } catch (IOException e) {
      ProcessCalls.close(descriptor);
      throw e;
    }
  }

  public int pid() {
    return pid;
  }

  /// Sends a signal (0 only asks).
  ///
  /// @return false if the process has ended and was waited for
  public boolean signal(int signal) throws IOException {
    synchronized (this) {
      if (closed) {
        return false;
      }
      long result = ProcessCalls.call(ProcessCalls.PIDFD_SEND_SIGNAL, descriptor, signal, 0, 0);
      if (result == -Errno.ESRCH) {
        return false;
      }
      ProcessCalls.check("pidfd_send_signal " + signal + " to " + pid, result);
      return true;
    }
  }

  /// Whether it has ended, as far as the poller has been told.
  public boolean ended() {
    return ended.getCount() == 0;
  }

  /// Waits for its end.
  public void await() throws InterruptedException {
    ended.await();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      poller.cancel(descriptor, key);
      ProcessCalls.close(descriptor);
    }
  }
}
