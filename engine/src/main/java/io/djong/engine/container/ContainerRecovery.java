package io.djong.engine.container;

import io.djong.layers.Snapshot;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.Life;
import io.djong.model.record.ContainerRecord.MountRecord;
import io.djong.network.Sandbox;
import io.djong.network.Sandboxes;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ExitStatus;
import io.djong.runtime.Stdio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Takes over what an earlier daemon left: containers that run go on, ends that nobody saw are
/// recorded, and what belongs to no container is removed. Looks only at what carries a container's
/// id in the folders of this engine.
final class ContainerRecovery {
  private static final System.Logger LOG = System.getLogger(ContainerRecovery.class.getName());

  /// What is known of the end of a container whose monitor is gone.
  private static final int UNKNOWN = 255;

  private final ContainerParts parts;
  private final ContainerEnds ends;
  private final ContainerRemoval removal;
  private final Sandboxes sandboxes;

  ContainerRecovery(
      ContainerParts parts, ContainerEnds ends, ContainerRemoval removal, Sandboxes sandboxes) {
    this.parts = parts;
    this.ends = ends;
    this.removal = removal;
    this.sandboxes = sandboxes;
  }

  void recover() throws IOException {
    for (Container container : List.copyOf(parts.register().all())) {
      if (container.isRunning()) {
        takeOver(container);
        continue;
      }
      if (Files.exists(parts.folders().bundle(container.id()))) {
        discardHalfStarted(container.id(), Streams.of(container.record(), parts.folders()));
        if (container.record().host().autoRemove() && container.life().phase().equals("exited")) {
          removal.forget(container, true);
          removal.free(container);
        }
      }
    }
    removeOrphans();
  }

  /// Has those started again whose restart policy wants it, and looks after those that run.
  void resume(Restarts restarts, HealthChecks health) throws IOException {
    for (Container container : List.copyOf(parts.register().all())) {
      container.lock().lock();
      try {
        ContainerRecord record = container.record();
        if (container.isRunning()) {
          health.watch(container, record.life().health());
        } else if (container.isRestarting()) {
          restarts.schedule(container, Duration.ZERO);
        } else if (!container.isGone() && Restarts.wantsAtOpening(record)) {
          Life again = record.life().withRestarts(-1).restarting();
          parts.register().update(container, record.withLife(again));
          restarts.schedule(container, Duration.ZERO);
        }
      } finally {
        container.lock().unlock();
      }
    }
  }

  private void takeOver(Container container) throws IOException {
    ContainerProcess process = reattach(container);
    if (process == null) {
      recordUnseenEnd(container);
      return;
    }
    container.runs(process);
    for (MountRecord mount : container.record().mounts()) {
      String volume = mount.name();
      if (volume != null) {
        Rollback.attempt(
            "taking over a volume", () -> parts.volumes().use(volume, container.id().hex()));
      }
    }
    if (parts.trees().isMountedNow(container.id())) {
      parts.trees().adopt(container.id(), UserNamespaces.mapping(container.record()));
    }
    ExitStatus ended = process.exited();
    if (ended == null) {
      Rollback.attempt("taking over a place in a network", () -> parts.networks().adopt(container));
      ends.watch(container);
    } else {
      ends.ended(container, process, ended);
    }
  }

  private @Nullable ContainerProcess reattach(Container container) throws IOException {
    if (!parts.machine().bootId().equals(container.life().bootId())) {
      return null;
    }
    try {
      return parts
          .runtime()
          .reattach(
              container.id(),
              parts.folders().bundle(container.id()),
              Streams.of(container.record(), parts.folders()));
    } catch (Fault.NotFound e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "container " + container.id() + " ended while nobody looked: " + e.getMessage());
      return null;
    }
  }

  private void recordUnseenEnd(Container container) throws IOException {
    Nobody nobody = new Nobody();
    container.runs(nobody);
    Instant now = parts.events().clock().instant();
    ends.ended(container, nobody, new ExitStatus(UNKNOWN, false, now));
    container.runs(null);
  }

  /// Whoever asked for this start got no answer: it has not happened.
  private void discardHalfStarted(ContainerId id, Stdio stdio) throws IOException {
    try {
      parts.runtime().reattach(id, parts.folders().bundle(id), stdio).delete();
    } catch (Fault.NotFound e) {
      LOG.log(System.Logger.Level.DEBUG, "no process of " + id + " is left");
    }
    parts.trees().unmountAll(id);
    Trees.delete(parts.folders().bundle(id));
  }

  private void removeOrphans() throws IOException {
    for (Path folder : ContainerFolders.children(parts.folders().exec())) {
      ContainerId id = orphan(folder.getFileName());
      if (id != null) {
        Stdio stdio =
            new Stdio(false, false, false, parts.folders().log(id), Stdio.LogLimits.DEFAULT);
        discardHalfStarted(id, stdio);
      }
    }
    for (Sandbox sandbox : sandboxes.list()) {
      Container owner = parts.register().byId(sandbox.key());
      if (owner == null ? isId(sandbox.key()) : !owner.isRunning()) {
        sandboxes.remove(sandbox);
      }
    }
    List<Snapshot> snapshots;
    try (Stream<Snapshot> all = parts.snapshots().list()) {
      snapshots = all.toList();
    }
    for (Snapshot snapshot : snapshots) {
      if (snapshot instanceof Snapshot.Active active
          && isId(active.key())
          && parts.register().byId(active.key()) == null) {
        parts.snapshots().remove(active);
      }
    }
    parts.sources().images().sweep(id -> parts.register().byId(id.hex()) != null);
    for (Path folder : ContainerFolders.children(parts.folders().data())) {
      if (orphan(folder.getFileName()) != null) {
        Trees.delete(folder);
      }
    }
  }

  private @Nullable ContainerId orphan(@Nullable Path name) {
    if (name == null || !isId(name.toString())) {
      return null;
    }
    return parts.register().byId(name.toString()) == null ? new ContainerId(name.toString()) : null;
  }

  private static boolean isId(String key) {
    return key.length() == 64
        && key.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}
