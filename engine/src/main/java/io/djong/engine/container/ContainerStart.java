package io.djong.engine.container;

import io.djong.engine.container.ContainerLaunch.Launched;
import io.djong.engine.container.NetworkPlaces.Place;
import io.djong.model.Fault;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.Life;
import io.djong.model.record.ContainerRecord.MountRecord;
import io.djong.runtime.ContainerProcess;
import java.io.IOException;
import java.util.Map;

/// Starts containers; what was begun is undone if anything fails.
final class ContainerStart {
  private final ContainerParts parts;
  private final ContainerLaunch launch;
  private final ContainerEnds ends;
  private final HealthChecks health;

  ContainerStart(
      ContainerParts parts, ContainerLaunch launch, ContainerEnds ends, HealthChecks health) {
    this.health = health;
    this.parts = parts;
    this.launch = launch;
    this.ends = ends;
  }

  /// @return false if it runs already
  boolean start(Container container) throws IOException {
    container.lock().lock();
    try {
      if (container.isGone()) {
        throw new Fault.NotFound("No such container: " + container.id());
      }
      if (container.isLeaving()) {
        throw new Fault.Conflict("container is marked for removal and cannot be started");
      }
      if (container.isRunning()) {
        if (container.life().paused()) {
          throw new Fault.Conflict("cannot start a paused container, try unpause instead");
        }
        return false;
      }
      if (container.isRestarting()) {
        return false;
      }
      container.restartPause().reset();
      container.become(container.record().withLife(container.life().withRestarts(0)));
      startOrRecord(container);
      return true;
    } finally {
      container.lock().unlock();
    }
  }

  /// Starts a container that waits for its restart, unless it waits no more.
  void startAgain(Container container, RestartPause.Wait wait) throws IOException {
    container.lock().lock();
    try {
      if (!container.isGone()
          && container.isRestarting()
          && container.restartPause().isCurrent(wait)) {
        startOrRecord(container);
      }
    } finally {
      container.lock().unlock();
    }
  }

  private void startOrRecord(Container container) throws IOException {
    StartFailures failure;
    try {
      startNow(container);
      return;
    } catch (Fault e) {
      failure = StartFailures.of(e);
    } catch (IOException e) {
      recordFailure(
          container, new StartFailures(128, new Fault.Failed(String.valueOf(e.getMessage()), e)));
      throw e;
    }
    recordFailure(container, failure);
    throw failure.fault();
  }

  private void recordFailure(Container container, StartFailures failure) throws IOException {
    container.cancelAttachments();
    ends.failedToStart(container, failure);
  }

  private void startNow(Container container) throws IOException {
    try (Rollback rollback = new Rollback()) {
      Launched launched = launch.create(container, ContainerLaunch.STAYING, rollback);
      ContainerProcess process = launched.process();
      container.connectAttachments(process);
      process.start();
      // Only now: a daemon that dies before this never said that it was started, and the next one
      // ends it.
      running(container, process, launched.place());
      rollback.keep();
    }
    ends.watch(container);
    health.watch(container, null);
    tellStarted(container);
  }

  private void running(Container container, ContainerProcess process, Place place)
      throws IOException {
    ContainerRecord before = container.record();
    Life life =
        before
            .life()
            .running(
                process.pid(),
                parts.events().clock().instant().toString(),
                parts.machine().bootId());
    container.askToStop(false);
    container.runs(process);
    parts.register().update(container, before.withLife(life).withEndpoints(place.endpoints()));
  }

  private void tellStarted(Container container) {
    for (MountRecord mount : container.record().mounts()) {
      String volume = mount.name();
      if (volume != null) {
        parts
            .volumes()
            .publish(
                "mount",
                volume,
                Map.of(
                    "container", container.id().hex(),
                    "destination", mount.destination(),
                    "driver", "local",
                    "propagation", mount.propagation(),
                    "read/write", String.valueOf(mount.writable())));
      }
    }
    for (String network : container.record().endpoints().keySet()) {
      parts
          .events()
          .tellNetwork(container, "connect", parts.networks().networks().network(network));
    }
    parts.events().tell(container, "start");
  }
}
