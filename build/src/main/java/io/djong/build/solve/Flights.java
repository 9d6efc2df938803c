package io.djong.build.solve;

import io.djong.model.Digest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Has equal work done once, whoever asks for it at the same time, in whatever build. If the one
/// who does it is interrupted, another who waits takes over. Safe for use by several threads.
public final class Flights {
  private final ConcurrentHashMap<Digest, CompletableFuture<Solved>> flying =
      new ConcurrentHashMap<>();

  /// Work that gives a result.
  @FunctionalInterface
  interface Work {
    Solved run() throws IOException, InterruptedException;
  }

  /// @return the result, and null in place of it if another did the work: then it is in the cache
  @Nullable Solved once(Digest key, Work work) throws IOException, InterruptedException {
    CompletableFuture<Solved> mine = new CompletableFuture<>();
    CompletableFuture<Solved> other = flying.putIfAbsent(key, mine);
    if (other == null) {
      try {
        return work.run();
      } finally {
        flying.remove(key, mine);
        mine.complete(NOBODY);
      }
    }
    try {
      other.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a flight is never exceptional", e);
    }
    return null;
  }

  private static final Solved NOBODY = new Solved(List.of(), List.of(), false, "");
}
