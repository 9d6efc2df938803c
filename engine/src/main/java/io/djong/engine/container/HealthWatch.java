package io.djong.engine.container;

import io.djong.engine.ContainerDetails.Health;
import io.djong.engine.ContainerDetails.Health.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// How one container fares: its status, how often in a row it was found ill, and the last probes.
/// Safe for use by several threads.
final class HealthWatch {
  static final String STARTING = "starting";
  static final String HEALTHY = "healthy";
  static final String UNHEALTHY = "unhealthy";

  private static final int KEPT = 5;

  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final List<Probe> log = new ArrayList<>();
  private String status;
  private int failingStreak;

  HealthWatch(String status) {
    this.status = status;
  }

  /// Takes a probe's result.
  ///
  /// @param counts whether a failure counts, which it does not while the container is starting
  /// @param retries so many failures in a row make it unhealthy
  /// @return whether the status has changed
  synchronized boolean took(Probe probe, boolean counts, int retries) {
    if (over.isDone()) {
      return false;
    }
    log.add(probe);
    if (log.size() > KEPT) {
      log.removeFirst();
    }
    String before = status;
    if (probe.exitCode() == 0) {
      failingStreak = 0;
      status = HEALTHY;
    } else if (counts) {
      failingStreak++;
      if (failingStreak >= retries) {
        status = UNHEALTHY;
      }
    }
    return !before.equals(status);
  }

  synchronized String status() {
    return status;
  }

  synchronized Health view() {
    return new Health(status, failingStreak, List.copyOf(log));
  }

  /// The container has ended: nobody looks any more, and it is not well.
  void end() {
    synchronized (this) {
      status = UNHEALTHY;
    }
    over.complete(null);
  }

  /// The engine closes: nobody looks until the next one does.
  void leave() {
    over.complete(null);
  }

  /// Waits.
  ///
  /// @return false if nobody is to look any more
  boolean pause(Duration time) throws InterruptedException {
    try {
      over.get(time.toNanos(), TimeUnit.NANOSECONDS);
      return false;
    } catch (TimeoutException e) {
      return true;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an end is never exceptional", e);
    }
  }

  boolean isOver() {
    return over.isDone();
  }
}
