package io.djong.engine.container;

import io.djong.engine.container.Accounts.Identity;
import io.djong.engine.container.NetworkPlaces.Place;
import io.djong.engine.container.RuntimeSpecs.Prepared;
import io.djong.linux.Root;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.container.HostConfig;
import io.djong.model.json.Json;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.Life;
import io.djong.model.record.ContainerRecord.MountRecord;
import io.djong.model.spec.RuntimeSpec;
import io.djong.runtime.ContainerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Starts containers: network, tree, files, specification, process, one after the other or side by
/// side, and all undone if one fails.
final class ContainerStart {
  private final ContainerParts parts;
  private final RuntimeSpecs specs;
  private final ContainerEnds ends;

  ContainerStart(ContainerParts parts, RuntimeSpecs specs, ContainerEnds ends) {
    this.parts = parts;
    this.specs = specs;
    this.ends = ends;
  }

  /// @return false if it runs already
  boolean start(Container container) throws IOException {
    container.lock().lock();
    try {
      if (container.isGone()) {
        throw new Fault.NotFound("No such container: " + container.id());
      }
      if (container.isRunning()) {
        if (container.life().paused()) {
          throw new Fault.Conflict("cannot start a paused container, try unpause instead");
        }
        return false;
      }
      startOrRecord(container);
      return true;
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
    ContainerId id = container.id();
    try (Rollback rollback = new Rollback()) {
      CompletableFuture<Place> network = connectMeanwhile(container);
      rollback.add(() -> giveUp(id, network));
      ContainerFolders.make(parts.folders().bundle(id));
      Path rootfs = parts.trees().mount(id);
      rollback.add(() -> parts.trees().unmount(id));
      Identity user = preflight(container.record(), rootfs);
      Place place = join(network);
      String hostname = hostname(container.record());
      NetworkFiles.write(parts.folders(), container.record(), hostname, place.endpoints().values());
      RuntimeSpec spec =
          specs.of(container.record(), prepared(container.record(), rootfs, user, hostname, place));
      Files.write(parts.folders().bundle(id).resolve("config.json"), Json.lean().write(spec));
      ContainerProcess process =
          parts
              .runtime()
              .create(
                  id, parts.folders().bundle(id), Streams.of(container.record(), parts.folders()));
      rollback.add(process::delete);
      container.connectAttachments(process);
      process.start();
      // Only now: a daemon that dies before this never said that it was started, and the next one
      // ends it.
      running(container, process, place);
      rollback.keep();
    }
    ends.watch(container);
    tellStarted(container);
  }

  private void running(Container container, ContainerProcess process, Place place)
      throws IOException {
    ContainerRecord before = container.record();
    Life life =
        new Life(
            "running",
            process.pid(),
            false,
            parts.events().clock().instant().toString(),
            null,
            0,
            false,
            null,
            parts.machine().bootId(),
            false,
            before.life().restarts());
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
    container
        .record()
        .endpoints()
        .keySet()
        .forEach(network -> parts.events().tellNetwork(container, "connect", network, "bridge"));
    parts.events().tell(container, "start");
  }

  private CompletableFuture<Place> connectMeanwhile(Container container) {
    CompletableFuture<Place> place = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("network of " + container.id().abbreviated())
        .start(
            () -> {
              try {
                place.complete(parts.networks().connect(container));
              } catch (IOException | RuntimeException e) {
                place.completeExceptionally(e);
              }
            });
    return place;
  }

  private static Place join(CompletableFuture<Place> network) throws IOException {
    try {
      return network.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException io) {
        throw new IOException(io.getMessage(), io);
      }
      if (cause instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw e;
    }
  }

  private void giveUp(ContainerId id, CompletableFuture<Place> network) throws IOException {
    Place place = network.exceptionally(_ -> new Place(null, Map.of())).join();
    parts.networks().disconnect(id, place.endpoints());
  }

  private Identity preflight(ContainerRecord container, Path rootfs) throws IOException {
    try (Root root = Root.open(rootfs)) {
      Preflight preflight = new Preflight(root);
      preflight.checkKernelFolders();
      for (String file :
          List.of("/.dockerenv", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf")) {
        preflight.holdPlace(file);
      }
      for (MountRecord mount : container.mounts()) {
        boolean folder = mount.source().isEmpty() || Files.isDirectory(Path.of(mount.source()));
        preflight.makeTarget(mount.destination(), folder);
      }
      if (wantsInit(container.host())) {
        preflight.makeTarget("/sbin/docker-init", false);
      }
      preflight.makeWorkingDirectory(RuntimeSpecs.cwd(container.config()));
      List<String> groups = container.host().groupAdd();
      return preflight
          .accounts()
          .resolve(container.config().user(), groups == null ? List.of() : groups);
    }
  }

  private Prepared prepared(
      ContainerRecord container, Path rootfs, Identity user, String hostname, Place place)
      throws IOException {
    return new Prepared(
        rootfs,
        user,
        hostname,
        ContainerMounts.of(container, parts.folders()),
        place.namespace(),
        wantsInit(container.host()) ? init() : null,
        HostDevices.of(container.host()));
  }

  private static boolean wantsInit(HostConfig host) {
    return Boolean.TRUE.equals(host.init());
  }

  private Path init() {
    Path init = parts.init();
    if (init == null) {
      throw new Fault.Unsupported(
          "--init needs an init program: install the package tini (or catatonit) and restart the"
              + " daemon");
    }
    return init;
  }

  private static String hostname(ContainerRecord container) {
    String hostname = container.config().hostname();
    return hostname == null ? "" : hostname;
  }
}
