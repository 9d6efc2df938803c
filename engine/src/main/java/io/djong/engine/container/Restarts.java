package io.djong.engine.container;

import io.djong.model.container.HostConfig.RestartPolicy;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.Life;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/// Starts containers again as their restart policies say. Time is measured monotonically: a clock
/// that jumps neither hurries nor delays a restart.
final class Restarts implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Restarts.class.getName());

  private static final int AT_ONCE = 4;

  private final CompletableFuture<Starter> starter = new CompletableFuture<>();
  private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
  private final Semaphore turns = new Semaphore(AT_ONCE);
  private volatile boolean closed;

  /// Starts a container that waits for its restart; under nobody's lock.
  @FunctionalInterface
  interface Starter {
    /// @param wait of [Restarts], to tell whether it still counts
    void startAgain(Container container, RestartPause.Wait wait) throws IOException;
  }

  /// From now on restarts happen; those that came due before, too. Call it once.
  void open(Starter first) {
    starter.complete(first);
  }

  /// Whether a run that ended is to be followed by another.
  ///
  /// @param ended how it ended
  static boolean wants(ContainerRecord container, Life ended) {
    RestartPolicy policy = container.host().restartPolicy();
    if (ended.stoppedByUser()) {
      return false;
    }
    return switch (policy.name()) {
      case "always", "unless-stopped" -> true;
      case "on-failure" ->
          ended.exitCode() != 0
              && (policy.maximumRetryCount() == 0 || ended.restarts() < policy.maximumRetryCount());
      default -> false;
    };
  }

  /// Whether an ended container is to be started because the engine opens: `always` means it also
  /// for those that somebody stopped, as in Docker.
  static boolean wantsAtOpening(ContainerRecord container) {
    Life life = container.life();
    return switch (container.host().restartPolicy().name()) {
      case "always" -> life.startedAt() != null;
      case "unless-stopped" -> life.startedAt() != null && !life.stoppedByUser();
      default -> false;
    };
  }

  static boolean hasPolicy(ContainerRecord container) {
    return !container.host().restartPolicy().name().equals("no");
  }

  /// How long the run was that a life tells of.
  static Duration run(Life ended) {
    return ended.startedAt() == null || ended.finishedAt() == null
        ? Duration.ZERO
        : Duration.between(Instant.parse(ended.startedAt()), Instant.parse(ended.finishedAt()));
  }

  /// Has a container started after its pause. Under its lock.
  void schedule(Container container) {
    schedule(container, container.restartPause().after(run(container.life())));
  }

  void schedule(Container container, Duration pause) {
    if (closed) {
      return;
    }
    RestartPause.Wait wait = container.restartPause().begin();
    Thread thread =
        Thread.ofVirtual()
            .name("restart of " + container.id().abbreviated())
            .unstarted(() -> restart(container, wait, pause));
    waiting.add(thread);
    thread.start();
  }

  private void restart(Container container, RestartPause.Wait wait, Duration pause) {
    try {
      if (!wait.lasts(pause)) {
        return;
      }
      Starter opened = starter.get();
      // A machine that comes up starts its containers a few at a time.
      turns.acquire();
      try {
        opened.startAgain(container, wait);
      } finally {
        turns.release();
      }
    } catch (InterruptedException e) {
      // The engine is closing: the next one goes on.
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException | ExecutionException e) {
      LOG.log(System.Logger.Level.WARNING, "starting container " + container.id() + " again", e);
    } finally {
      waiting.remove(Thread.currentThread());
    }
  }

  @Override
  public void close() {
    closed = true;
    waiting.forEach(Thread::interrupt);
  }
}
