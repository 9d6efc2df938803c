package io.djong.engine.container;

import io.djong.engine.Containers.Created;
import io.djong.engine.Images.ImageDetails;
import io.djong.engine.image.StoredImages;
import io.djong.engine.network.RecordedNetworks;
import io.djong.engine.volume.FolderVolumes;
import io.djong.engine.volume.TreeCopy;
import io.djong.layers.ChainId;
import io.djong.layers.Snapshotter;
import io.djong.layers.Snapshotter.Writes;
import io.djong.linux.IdMapping;
import io.djong.linux.Root;
import io.djong.model.ContainerId;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.Reference;
import io.djong.model.RunConfig;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.Life;
import io.djong.model.record.ContainerRecord.MountRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes containers that do not run yet. Either all of one is there when it returns, or nothing.
final class ContainerCreation {
  private final StoredImages images;
  private final FolderVolumes volumes;
  private final Snapshotter snapshots;
  private final RootFileSystems trees;
  private final ContainerFolders folders;
  private final ContainerRegister register;
  private final ContainerEvents events;
  private final Machine machine;
  private final RecordedNetworks networks;
  private final SharedNamespaces shared;
  private final UserNamespaces users;
  private final DrawnNames names;
  private final ImageMounts imageMounts;
  private final Set<String> runtimes;

  ContainerCreation(ContainerParts parts, DrawnNames names) {
    this.images = parts.images();
    this.volumes = parts.volumes();
    this.snapshots = parts.snapshots();
    this.trees = parts.trees();
    this.folders = parts.folders();
    this.register = parts.register();
    this.events = parts.events();
    this.machine = parts.machine();
    this.networks = parts.networks().networks();
    this.shared = parts.shared();
    this.users = parts.users();
    this.names = names;
    this.imageMounts = parts.sources().images();
    this.runtimes = parts.runtime().runtimes().keySet();
  }

  Created create(
      @Nullable String askedName,
      ContainerConfig config,
      HostConfig host,
      NetworkingConfig networking,
      @Nullable String platform)
      throws IOException {
    String name = askedName == null || askedName.isEmpty() ? null : withoutSlash(askedName);
    if (name != null) {
      RequestChecks.name(name);
    }
    if (config.image().isEmpty()) {
      throw new Fault.Invalid("no image given: say which image the container is made from");
    }
    try (StoredImages.Hold _ = images.hold();
        Rollback rollback = new Rollback()) {
      ImageDetails image = image(config.image());
      images.admit(config.image());
      checkPlatform(image, platform, config.image());
      List<String> warnings = RequestChecks.check(config, host, machine, runtimes);
      AskedPorts.check(host);
      for (String link : host.links() == null ? List.<String>of() : host.links()) {
        Links.check(link, register);
      }
      NetworkingConfig settled = AskedNetworks.settle(config, host, networking, networks);
      shared.check(host);
      ContainerId id = ContainerId.random();
      RunConfig defaults = image.config().config();
      ContainerConfig complete =
          ImageDefaults.merge(
              config, defaults == null ? RunConfig.EMPTY : defaults, hostname(id, host));
      String taken = name == null ? names.draw(register::isFree) : name;
      register.reserve(taken, id.hex());
      rollback.add(() -> register.release(taken, id.hex()));
      IdMapping mapping = users.assign(id, host, rollback);
      List<MountRecord> mounts =
          MountPlan.of(complete, host, volumes, register, images, mapping != null, rollback);
      Container container =
          new Container(
              new ContainerRecord(
                  id.hex(),
                  register.nextNumber(),
                  taken,
                  events.clock().instant().toString(),
                  image.id(),
                  chain(image),
                  complete,
                  host,
                  settled,
                  mounts,
                  Life.CREATED,
                  java.util.Map.of(),
                  mapping == null ? null : OwnerMapping.text(mapping)));
      makeFiles(container, rollback);
      register.add(container);
      users.known(id);
      rollback.keep();
      events.tell(container, "create");
      return new Created(id, warnings);
    }
  }

  private ImageDetails image(String name) throws IOException {
    try {
      return images.inspect(name);
    } catch (Fault.NotFound e) {
      var _ = Reference.parse(name); // What is no name at all is no missing image.
      throw e;
    }
  }

  private void makeFiles(Container container, Rollback rollback) throws IOException {
    ContainerId id = container.id();
    String chain = container.record().chain();
    ChainId parent = chain == null ? null : new ChainId(Digest.parse(chain));
    // It goes when it ends: what it writes need never be on the disk.
    Writes writes = container.record().host().autoRemove() ? Writes.VOLATILE : Writes.DURABLE;
    var active = snapshots.prepare(id.hex(), parent, writes);
    rollback.add(() -> snapshots.remove(active));
    imageMounts.hold(container.record(), rollback);
    ContainerFolders.make(folders.logs(id));
    ContainerFolders.make(folders.bundle(id));
    rollback.add(() -> Trees.delete(folders.data(id)));
    rollback.add(() -> Trees.delete(folders.bundle(id)));
    for (MountRecord mount : container.record().mounts()) {
      if (mount.type().equals("volume") && mount.copyUp()) {
        rollback.add(() -> trees.unmountAll(id));
        String volume = String.valueOf(mount.name());
        volumes.use(volume, id.hex());
        rollback.add(() -> volumes.release(volume, id.hex()));
        fillVolume(trees.mount(id), mount);
        volumes.release(volume, id.hex());
      }
    }
  }

  /// An empty volume gets what the image has at its place.
  private static void fillVolume(Path rootfs, MountRecord mount) throws IOException {
    try (Root tree = Root.open(rootfs);
        Root volume = Root.open(Path.of(mount.source()))) {
      TreeCopy.fill(tree, mount.destination(), volume);
    }
  }

  /// What a platform of one word may be.
  private static final Set<String> SYSTEMS =
      Set.of("linux", "windows", "darwin", "freebsd", "amd64", "arm64", "arm", "386", "riscv64");

  private static void checkPlatform(ImageDetails image, @Nullable String platform, String name) {
    if (platform == null || platform.isEmpty()) {
      return;
    }
    if (platform.indexOf('/') < 0 && !SYSTEMS.contains(platform)) {
      throw new Fault.Invalid(
          "\"" + platform + "\": unknown operating system or architecture: invalid argument");
    }
    String own = image.config().platform().toString();
    boolean fits =
        own.equals(platform)
            || own.startsWith(platform + "/")
            || platform.equals("linux")
            || own.equals("linux/" + platform)
            || platform.startsWith(own + "/");
    if (!fits) {
      throw new Fault.NotFound(
          "image with reference "
              + name
              + " was found but its platform ("
              + own
              + ") does not match the specified platform ("
              + platform
              + ")");
    }
  }

  private static @Nullable String chain(ImageDetails image) {
    List<Digest> diffIds = image.config().rootfs().diffIds();
    return diffIds.isEmpty() ? null : ChainId.of(diffIds).toString();
  }

  private static String hostname(ContainerId id, HostConfig host) throws IOException {
    boolean hosts = host.networkMode().equals("host") || "host".equals(host.utsMode());
    return hosts
        ? Files.readString(Path.of("/proc/sys/kernel/hostname")).strip()
        : id.abbreviated();
  }

  private static String withoutSlash(String name) {
    return name.startsWith("/") ? name.substring(1) : name;
  }
}
