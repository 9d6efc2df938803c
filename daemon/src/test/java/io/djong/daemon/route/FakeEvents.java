package io.djong.daemon.route;

import io.djong.engine.Events;
import io.djong.engine.Filters;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// Events for one listener.
final class FakeEvents implements Events {
  final CountDownLatch closed = new CountDownLatch(1);
  volatile @Nullable Instant since;
  private final BlockingQueue<Optional<Event>> queue = new LinkedBlockingQueue<>();

  @Override
  public void publish(Event event) {
    queue.add(Optional.of(event));
  }

  void end() {
    queue.add(Optional.empty());
  }

  @Override
  public Subscription subscribe(
      @Nullable Instant wantedSince, @Nullable Instant until, Filters filters) {
    since = wantedSince;
    return new Subscription() {
      @Override
      public @Nullable Event next() throws InterruptedException {
        return queue.take().orElse(null);
      }

      @Override
      public void close() {
        closed.countDown();
        end();
      }
    };
  }
}
