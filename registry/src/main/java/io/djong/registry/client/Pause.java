package io.djong.registry.client;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Waits before something is tried again.
@FunctionalInterface
public interface Pause {
  Pause REAL = Pause::real;

  /// @throws InterruptedIOException if the thread is interrupted meanwhile
  void of(Duration time) throws InterruptedIOException;

  private static void real(Duration time) throws InterruptedIOException {
    try {
      boolean never = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
      if (never) {
        throw new IllegalStateException("a latch that nobody opens was opened");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a registry");
    }
  }
}
