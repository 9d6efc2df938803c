package io.djong.engine.container;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// How long a container waits before its restart policy starts it again, as Docker counts it: 100
/// ms first, then twice as long each time, at most a minute; from the beginning again after a run
/// of ten seconds. To be used under the container's lock.
final class RestartPause {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration GOOD_RUN = Duration.ofSeconds(10);

  private @Nullable Duration last;
  private @Nullable Wait waiting;

  /// One wait for a restart. Compared by identity.
  static final class Wait {
    private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

    /// @return false if it was cancelled meanwhile
    boolean lasts(Duration pause) throws InterruptedException {
      try {
        cancelled.get(pause.toNanos(), TimeUnit.NANOSECONDS);
        return false;
      } catch (TimeoutException e) {
        return true;
      } catch (ExecutionException e) {
        throw new IllegalStateException("cancelling is never exceptional", e);
      }
    }
  }

  Duration after(Duration run) {
    Duration before = run.compareTo(GOOD_RUN) >= 0 ? null : last;
    Duration next = before == null ? FIRST : before.multipliedBy(2);
    Duration bounded = next.compareTo(LONGEST) > 0 ? LONGEST : next;
    last = bounded;
    return bounded;
  }

  /// A wait that begins; an earlier one counts no more.
  Wait begin() {
    cancel();
    Wait begun = new Wait();
    waiting = begun;
    return begun;
  }

  /// Whether this wait still counts.
  boolean isCurrent(Wait wait) {
    return wait == waiting;
  }

  void cancel() {
    if (waiting != null) {
      waiting.cancelled.complete(null);
      waiting = null;
    }
  }

  /// Somebody starts it: what was is forgotten.
  void reset() {
    cancel();
    last = null;
  }
}
