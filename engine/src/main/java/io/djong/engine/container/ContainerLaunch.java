package io.djong.engine.container;

import io.djong.engine.container.Accounts.Identity;
import io.djong.engine.container.NetworkPlaces.Place;
import io.djong.engine.container.RuntimeSpecs.Prepared;
import io.djong.engine.container.RuntimeSpecs.UserIds;
import io.djong.linux.Root;
import io.djong.linux.UserNamespace;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.container.HostConfig;
import io.djong.model.json.Json;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.MountRecord;
import io.djong.model.spec.RuntimeSpec;
import io.djong.runtime.ContainerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Makes the process that a record asks for, ready to be started: network, tree, files,
/// specification, one after the other or side by side. The one way to one, for containers and for
/// jobs.
final class ContainerLaunch {
  private static final List<String> HELD =
      List.of("/.dockerenv", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf");

  private final ContainerParts parts;
  private final RuntimeSpecs specs;
  private final CompiledFilters filters = new CompiledFilters();

  ContainerLaunch(ContainerParts parts, RuntimeSpecs specs) {
    this.parts = parts;
    this.specs = specs;
  }

  /// A process that waits for its start, and its place in networks.
  record Launched(ContainerProcess process, Place place) {}

  /// Makes the places in a tree that a container's mounts go to.
  @FunctionalInterface
  interface MountTargets {
    void make(Root root, String destination, boolean folder) throws IOException;
  }

  /// The targets of a container's mounts: they stay.
  static final MountTargets STAYING =
      (root, destination, folder) -> new Preflight(root).makeTarget(destination, folder);

  /// @param rollback gets what undoes it
  Launched create(Container container, MountTargets targets, Rollback rollback) throws IOException {
    ContainerId id = container.id();
    LogOptions.reachable(container.record().host().logConfig());
    try (UserNamespace users = parts.users().open(container.record())) {
      CompletableFuture<Place> network = connectMeanwhile(container, users);
      rollback.add(() -> giveUp(id, network));
      try {
        return create(container, users, network, targets, rollback);
      } finally {
        // It uses what is closed now.
        network.handle((_, _) -> id).join();
      }
    }
  }

  private Launched create(
      Container container,
      @Nullable UserNamespace users,
      CompletableFuture<Place> network,
      MountTargets targets,
      Rollback rollback)
      throws IOException {
    ContainerId id = container.id();
    ContainerFolders.make(parts.folders().bundle(id));
    Path rootfs = parts.trees().mount(id, users);
    rollback.add(() -> parts.trees().unmount(id));
    for (MountRecord mount : container.record().mounts()) {
      String volume = mount.name();
      if (volume != null) {
        parts.volumes().use(volume, id.hex());
        rollback.add(() -> parts.volumes().release(volume, id.hex()));
      }
    }
    try (MountSources.Opened sources = parts.sources().open(container.record(), users)) {
      Identity user = preflight(container.record(), sources, targets);
      return create(container, rootfs, user, users, sources, join(network), rollback);
    }
  }

  private Launched create(
      Container container,
      Path rootfs,
      Identity user,
      @Nullable UserNamespace users,
      MountSources.Opened sources,
      Place place,
      Rollback rollback)
      throws IOException {
    ContainerId id = container.id();
    String hostname = hostname(container.record());
    Links.Given links = parts.networks().links(container.record());
    NetworkFiles.write(
        parts.folders(), container.record(), hostname, place.endpoints().values(), links.hosts());
    if (users != null) {
      ContainerId owner = place.owner() == null ? id : place.owner();
      ContainerFolders folders = parts.folders();
      parts
          .sources()
          .openFiles(
              container.record(),
              List.of(folders.resolvConf(owner), folders.hostname(owner), folders.hosts(owner)),
              users,
              sources);
    }
    RuntimeSpec spec =
        filters.with(
            specs.of(
                container.record(),
                prepared(
                    container.record(),
                    rootfs,
                    user,
                    users,
                    hostname,
                    sources,
                    place,
                    links,
                    rollback)));
    parts.folders().writeSpec(id, Json.lean().write(spec));
    ContainerProcess process =
        parts
            .runtime()
            .create(
                id,
                parts.folders().bundle(id),
                Streams.of(container.record(), parts.folders())
                    .ownedBy(users == null ? null : Streams.owner(user, users.mapping())),
                Objects.requireNonNullElse(container.record().host().runtime(), ""));
    rollback.add(process::delete);
    filters.learn(spec, process::systemCallFilter);
    return new Launched(process, place);
  }

  private CompletableFuture<Place> connectMeanwhile(
      Container container, @Nullable UserNamespace users) {
    CompletableFuture<Place> place = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("network of " + container.id().abbreviated())
        .start(
            () -> {
              try {
                place.complete(parts.networks().connect(container, users));
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
    Place place = network.exceptionally(_ -> Place.NOWHERE).join();
    parts.networks().disconnect(id, place.endpoints());
  }

  private Identity preflight(
      ContainerRecord container, MountSources.Opened sources, MountTargets targets)
      throws IOException {
    try (Root root = parts.trees().open(new ContainerId(container.id()))) {
      Preflight preflight = new Preflight(root);
      preflight.checkKernelFolders();
      for (String file : HELD) {
        preflight.holdPlace(file);
      }
      for (MountRecord mount : container.mounts()) {
        targets.make(root, mount.destination(), sources.isFolder(mount));
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
      ContainerRecord container,
      Path rootfs,
      Identity user,
      @Nullable UserNamespace users,
      String hostname,
      MountSources.Opened sources,
      Place place,
      Links.Given links,
      Rollback rollback)
      throws IOException {
    return new Prepared(
        rootfs,
        user,
        hostname,
        ContainerMounts.of(container, sources, parts.folders(), place.owner()),
        place.namespace(),
        wantsInit(container.host()) ? init() : null,
        HostDevices.of(container.host()),
        links.environment(),
        BlockDevices.of(container.host(), parts.machine()),
        parts.shared().joined(container),
        parts.shared().memory(container, users, rollback),
        users == null ? null : new UserIds(users.pathForOthers(), users.mapping()));
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
