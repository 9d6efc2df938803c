package io.djong.engine;

import io.djong.runtime.ExitStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where a container is in its life.
public sealed interface ContainerState {
  /// Made, never started.
  record Created() implements ContainerState {}

  record Running(int pid, Instant since, boolean paused) implements ContainerState {}

  /// Has ended and waits for its restart policy to start it again; `error` says why the last start
  /// failed, if it did.
  record Restarting(Instant startedAt, ExitStatus status, @Nullable String error)
      implements ContainerState {}

  /// Has run, or could not be started: then `error` says why, and `startedAt` is null if it never
  /// ran.
  record Exited(@Nullable Instant startedAt, ExitStatus status, @Nullable String error)
      implements ContainerState {}

  /// On its way out; `before` is what it was.
  record Removing(ContainerState before) implements ContainerState {}

  /// Could not be removed or is beyond repair.
  record Dead(ContainerState before, String error) implements ContainerState {}

  /// The word of the Engine API: created, running, paused, restarting, removing, exited, dead.
  default String word() {
    return switch (this) {
      case Created() -> "created";
      case Running(_, _, boolean paused) -> paused ? "paused" : "running";
      case Restarting _ -> "restarting";
      case Exited(Instant startedAt, _, _) -> startedAt == null ? "created" : "exited";
      case Removing _ -> "removing";
      case Dead _ -> "dead";
    };
  }
}
