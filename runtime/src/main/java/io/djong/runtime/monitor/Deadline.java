package io.djong.runtime.monitor;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ends what somebody waits for if it takes too long: a program that hangs must not hold a
/// container's lock for ever. To be closed once it is there. Safe for use by several threads.
final class Deadline implements AutoCloseable {
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean passed;

  /// Makes the wait end, by ending whom it is for.
  @FunctionalInterface
  interface Ending {
    void end() throws IOException;
  }

  private Deadline() {}

  static Deadline after(Duration limit, Ending ending) {
    Deadline deadline = new Deadline();
    Thread.ofVirtual().name("deadline").start(() -> deadline.await(limit, ending));
    return deadline;
  }

  private void await(Duration limit, Ending ending) {
    try {
      if (!done.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        passed = true;
        ending.end();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      System.getLogger(Deadline.class.getName())
          .log(System.Logger.Level.WARNING, "ending a program that does not answer", e);
    }
  }

  /// Whether the wait was ended.
  boolean passed() {
    return passed;
  }

  @Override
  public void close() {
    done.countDown();
  }
}
