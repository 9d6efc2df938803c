package io.djong.engine;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What happened, told to whoever listens. Events are in order; the last ones (256 at least) are
/// kept for late comers. A listener that does not keep up loses its subscription, never the
/// engine's time.
public interface Events {
  void publish(Event event);

  /// Past events that fit since then, then new ones as they come.
  Subscription subscribe(@Nullable Instant since, @Nullable Instant until, Filters filters);

  /// One event (Docker Engine API, EventMessage). `type` is container, image, network or volume.
  record Event(
      String type, String action, String actorId, Map<String, String> attributes, Instant time) {}

  /// A listener's own view. For one thread.
  interface Subscription extends AutoCloseable {
    /// The next event; null at the end (`until` has come, or the subscription is lost or closed).
    /// Blocks.
    @Nullable Event next() throws InterruptedException;

    @Override
    void close();
  }
}
