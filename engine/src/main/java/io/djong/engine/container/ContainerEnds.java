package io.djong.engine.container;

import io.djong.engine.container.Releases.Step;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.Life;
import io.djong.model.record.ContainerRecord.MountRecord;
import io.djong.model.record.EndpointRecord;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/// What happens when a container ends: its status is recorded, those who wait are answered, and
/// then what it used is freed.
final class ContainerEnds implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ContainerEnds.class.getName());

  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final ContainerParts parts;
  private final ContainerRemoval removal;
  private final Restarts restarts;
  private final Set<Thread> watchers = ConcurrentHashMap.newKeySet();

  /// Open for those who record an end; closing waits for them.
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  private final Releases releases = new Releases();

  private boolean closed;

  ContainerEnds(ContainerParts parts, ContainerRemoval removal, Restarts restarts) {
    this.parts = parts;
    this.removal = removal;
    this.restarts = restarts;
  }

  /// Waits for the end of a running container, on a thread of its own.
  void watch(Container container) {
    ContainerProcess process = container.process();
    if (process == null) {
      throw new IllegalStateException("nothing to watch: " + container.id());
    }
    Thread watcher =
        Thread.ofVirtual()
            .name("end of " + container.id().abbreviated())
            .unstarted(() -> await(container, process));
    watchers.add(watcher);
    watcher.start();
  }

  private void await(Container container, ContainerProcess process) {
    try {
      ExitStatus status = process.await();
      while (!recorded(container, process, status)) {
        LockSupport.parkNanos(PAUSE);
        if (Thread.interrupted()) {
          throw new InterruptedException("the engine is closing");
        }
      }
    } catch (InterruptedException e) {
      // The engine is closing: the next one takes over.
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "recording the end of container " + container.id(), e);
    } finally {
      watchers.remove(Thread.currentThread());
    }
  }

  /// @return false if it could not be, for want of room on the disk: it is a fact all the same
  private boolean recorded(Container container, ContainerProcess process, ExitStatus status) {
    gate.readLock().lock();
    try {
      if (!closed) {
        ended(container, process, status);
      }
      return true;
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "recording the end of container " + container.id() + ", once more soon",
          e);
      return false;
    } finally {
      gate.readLock().unlock();
    }
  }

  /// Records an end and frees what was used. Nothing happens if it is recorded already.
  void ended(Container container, ContainerProcess process, ExitStatus status) throws IOException {
    container.lock().lock();
    try {
      if (!container.isRunning() || !process.equals(container.process())) {
        return;
      }
      ContainerRecord before = container.record();
      Life ended = exited(container, status);
      boolean again = Restarts.wants(before, ended);
      ContainerRecord after =
          before.withLife(again ? ended.restarting() : ended).withEndpoints(Map.of());
      if (before.host().autoRemove()) {
        // Its removal is what becomes durable.
        container.become(after);
      } else {
        parts.register().update(container, after);
      }
      if (!publishedPorts(before).isEmpty()) {
        // Whoever waits may want the same ports at once.
        Rollback.attempt("freeing ports", () -> disconnect(container, before));
      }
      HealthWatch health = container.health();
      if (health != null) {
        health.end();
      }
      tellEnded(container, before.life(), status);
      container.ended(status);
      if (before.host().autoRemove()) {
        removal.forget(container, true);
      }
      releases.release(container, process, used(container, before, process));
      tellFreed(container, before);
      if (again) {
        restarts.schedule(container);
      }
    } finally {
      container.lock().unlock();
    }
  }

  private static List<EndpointRecord.Port> publishedPorts(ContainerRecord container) {
    return container.endpoints().values().stream().flatMap(e -> e.ports().stream()).toList();
  }

  private static Life exited(Container container, ExitStatus status) {
    Life life = container.life();
    boolean byUser = life.stoppedByUser() || container.stopAsked();
    return life.ended(status.code(), status.oomKilled(), status.finishedAt().toString(), byUser)
        .withHealth(null);
  }

  private void tellEnded(Container container, Life running, ExitStatus status) {
    if (status.oomKilled()) {
      parts.events().tell(container, "oom");
    }
    Instant started =
        running.startedAt() == null ? status.finishedAt() : Instant.parse(running.startedAt());
    long seconds = Math.max(0, Duration.between(started, status.finishedAt()).toSeconds());
    parts
        .events()
        .tell(
            container,
            "die",
            Map.of(
                "exitCode",
                String.valueOf(status.code()),
                "execDuration",
                String.valueOf(seconds)));
  }

  private List<Step> used(Container container, ContainerRecord before, ContainerProcess process) {
    List<Step> used = new ArrayList<>();
    used.add(new Step("removing what the runtime keeps", process::delete));
    used.add(new Step("leaving the network", () -> disconnect(container, before)));
    used.add(new Step("ending shared memory", () -> parts.shared().end(before)));
    used.add(new Step("unmounting a container", () -> parts.trees().unmount(container.id())));
    for (MountRecord mount : before.mounts()) {
      String volume = mount.name();
      if (volume != null) {
        used.add(
            new Step(
                "unmounting a volume",
                () -> parts.volumes().release(volume, container.id().hex())));
      }
    }
    if (before.host().autoRemove()) {
      used.add(new Step("removing a container's files", () -> removal.free(container)));
    }
    return used;
  }

  private void tellFreed(Container container, ContainerRecord before) {
    for (String network : before.endpoints().keySet()) {
      Rollback.attempt("telling of a network", () -> tellLeft(container, network));
    }
    before.mounts().stream()
        .flatMap(mount -> Stream.ofNullable(mount.name()))
        .forEach(
            volume ->
                parts
                    .volumes()
                    .publish(
                        "unmount",
                        volume,
                        Map.of("container", container.id().hex(), "driver", "local")));
  }

  private void tellLeft(Container container, String network) {
    parts
        .events()
        .tellNetwork(container, "disconnect", parts.networks().networks().network(network));
  }

  private void disconnect(Container container, ContainerRecord before) throws IOException {
    parts.networks().disconnect(container.id(), before.endpoints());
  }

  /// A start that failed ends the container too; one that a restart policy asked for is tried
  /// again. Under its lock.
  void failedToStart(Container container, StartFailures failure) throws IOException {
    boolean restarting = container.isRestarting();
    Instant now = parts.events().clock().instant();
    Life failed = container.life().failed(failure.code(), failure.fault().getMessage());
    boolean again = restarting && Restarts.wants(container.record(), failed);
    container.runs(null);
    parts
        .register()
        .update(container, container.record().withLife(again ? failed.restarting() : failed));
    container.ended(new ExitStatus(failure.code(), false, now));
    if (container.record().host().autoRemove()) {
      removal.forget(container, true);
      removal.free(container);
    }
    if (again) {
      restarts.schedule(container);
    }
  }

  /// No end is recorded any more; what is being recorded is finished first.
  @Override
  public void close() {
    gate.writeLock().lock();
    try {
      closed = true;
      watchers.forEach(Thread::interrupt);
      releases.close();
    } finally {
      gate.writeLock().unlock();
    }
  }
}
