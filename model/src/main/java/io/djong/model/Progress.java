package io.djong.model;

import org.jspecify.annotations.Nullable;

/// Listens to long work. Called from any thread, also from several at once; an implementation
/// neither blocks for long nor throws.
@FunctionalInterface
public interface Progress {
  Progress NONE = event -> {};

  void on(Event event);

  /// One step forward. `id` names the part (an abbreviated digest, say), `status` what happens to
  /// it in Docker's words; `current` and `total` count bytes, and are 0 where there is nothing to
  /// count.
  record Event(@Nullable String id, String status, long current, long total) {}

  default void say(String status) {
    on(new Event(null, status, 0, 0));
  }

  default void say(String id, String status) {
    on(new Event(id, status, 0, 0));
  }
}
