package io.djong.engine.container;

import io.djong.layers.ChainId;
import io.djong.model.Fault;
import io.djong.model.Signals;
import io.djong.model.record.ContainerRecord.MountRecord;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Removes containers. Once a container is forgotten it is gone for everybody; what is left of it
/// is freed then, or when the engine opens next.
final class ContainerRemoval {
  private final ContainerParts parts;

  ContainerRemoval(ContainerParts parts) {
    this.parts = parts;
  }

  /// @param ref how the user calls it, for what it is told
  void remove(Container container, String ref, boolean force, boolean volumes)
      throws IOException, InterruptedException {
    if (!container.beginRemoval()) {
      throw new Fault.Conflict("removal of container " + ref + " is already in progress");
    }
    try {
      removeNow(container, ref, force, volumes);
    } finally {
      container.giveUpRemoval();
    }
  }

  private void removeNow(Container container, String ref, boolean force, boolean volumes)
      throws IOException, InterruptedException {
    while (true) {
      CompletableFuture<ExitStatus> exit;
      ContainerProcess process;
      container.lock().lock();
      try {
        if (container.isGone()) {
          return;
        }
        if (container.isRestarting() && force) {
          container.restartPause().reset();
        } else if (container.isRestarting()) {
          throw refusal(container, ref);
        }
        if (!container.isRunning()) {
          discard(container, ref, volumes);
          return;
        }
        if (!force) {
          throw refusal(container, ref);
        }
        exit = container.nextExit();
        process = container.process();
        container.askToStop(true);
        kill(container);
      } finally {
        container.lock().unlock();
      }
      if (process != null) {
        KilledContainer.awaitEnd(
            process,
            exit,
            "cannot remove container \"" + container.name() + "\": could not kill container");
      }
    }
  }

  private void kill(Container container) throws IOException {
    ContainerProcess process = container.process();
    if (process != null) {
      process.signal(Signals.KILL);
      if (container.life().paused()) {
        process.resume();
      }
      parts
          .events()
          .tell(container, "kill", java.util.Map.of("signal", String.valueOf(Signals.KILL)));
    }
  }

  private static Fault refusal(Container container, String ref) {
    String what =
        container.life().paused()
            ? "container is paused and must be unpaused first"
            : container.isRestarting()
                ? "container is restarting: stop the container before removing or force remove"
                : "container is running: stop the container before removing or force remove";
    return new Fault.Conflict("cannot remove container \"" + ref + "\": " + what);
  }

  /// Frees its files and forgets it; if that fails it is dead. Its record goes first: whatever
  /// happens in between, nobody takes the half of a container for a whole one.
  private void discard(Container container, String ref, boolean volumes) throws IOException {
    parts.register().erase(container);
    try {
      free(container);
    } catch (IOException e) {
      String why = "unable to remove filesystem: " + e.getMessage();
      parts.register().update(container, container.record().withLife(container.life().dead(why)));
      throw new Fault.Failed("cannot remove container \"" + ref + "\": " + why, e);
    }
    parts.register().drop(container);
    forgotten(container, volumes);
  }

  /// Makes it unknown, durably, and tells everybody. Under the container's lock.
  void forget(Container container, boolean volumes) throws IOException {
    parts.register().remove(container);
    forgotten(container, volumes);
  }

  private void forgotten(Container container, boolean volumes) {
    if (volumes) {
      for (MountRecord mount : container.record().mounts()) {
        removeVolume(mount.fromImage() ? mount.name() : null);
      }
    }
    parts.events().tell(container, "destroy");
    container.removed();
  }

  private void removeVolume(@Nullable String anonymous) {
    if (anonymous != null) {
      Rollback.attempt(
          "removing an anonymous volume",
          () -> {
            try {
              parts.volumes().remove(anonymous, true);
            } catch (Fault.Conflict e) {
              // Another container uses it too: it goes with the last one, or by prune.
              return;
            }
          });
    }
  }

  /// Frees its files. Under the container's lock; it does not run.
  void free(Container container) throws IOException {
    parts.trees().unmountAll(container.id());
    var active = parts.snapshots().active(container.id().hex());
    if (active != null) {
      parts.snapshots().remove(active);
      parts.images().released(active.parent());
    }
    for (ChainId mounted : parts.sources().images().free(container.record())) {
      parts.images().released(mounted);
    }
    Trees.delete(parts.folders().data(container.id()));
    Trees.delete(parts.folders().bundle(container.id()));
  }
}
