package io.djong.engine.container;

import io.djong.layers.Snapshot;
import io.djong.linux.Errno;
import io.djong.linux.IdMapping;
import io.djong.linux.KernelException;
import io.djong.linux.MappedMount;
import io.djong.linux.MappedTree;
import io.djong.linux.Mount;
import io.djong.linux.Mounts;
import io.djong.linux.PinnedPath;
import io.djong.linux.Root;
import io.djong.linux.UserNamespace;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.MountRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the mounts of containers come from on the host. A volume's subpath is resolved by the
/// kernel inside the volume, whose files its containers change at any time; what was found, the
/// trees of images, and what is shown with other owners are mounted in the container's bundle: the
/// runtime gets paths that nobody else can bend.
final class MountSources {
  private final Mounts mounts;
  private final ContainerFolders folders;
  private final ImageMounts images;

  MountSources(Mounts mounts, ContainerFolders folders, ImageMounts images) {
    this.mounts = mounts;
    this.folders = folders;
    this.images = images;
  }

  ImageMounts images() {
    return images;
  }

  /// Paths for the runtime, good as long as this is open: what has been mounted from them stays.
  static final class Opened implements AutoCloseable {
    private final Map<String, Path> paths = new HashMap<>();
    private final Map<Path, Path> files = new HashMap<>();
    private final Rollback mounted = new Rollback();

    /// Where a mount comes from.
    ///
    /// @param destination of one that is no tmpfs
    Path of(String destination) {
      Path path = paths.get(destination);
      if (path == null) {
        throw new IllegalStateException("no source of " + destination);
      }
      return path;
    }

    /// Where a file of the engine's own comes from.
    Path file(Path own) {
      return files.getOrDefault(own, own);
    }

    /// Whether a mount goes onto a folder.
    boolean isFolder(MountRecord mount) {
      return mount.type().equals("tmpfs") || Files.isDirectory(of(mount.destination()));
    }

    @Override
    public void close() {
      mounted.close();
    }
  }

  /// Under the container's lock.
  ///
  /// @param namespace the container's own if it has one: it sees its volumes and images with the
  ///   owners that are kept; null also for who looks from outside
  /// @throws Fault if a source is not there
  Opened open(ContainerRecord container, @Nullable UserNamespace namespace) throws IOException {
    Opened opened = new Opened();
    boolean complete = false;
    try {
      for (MountRecord mount : container.mounts()) {
        if (!mount.type().equals("tmpfs")) {
          opened.paths.put(mount.destination(), source(container, mount, namespace, opened));
        }
      }
      complete = true;
      return opened;
    } finally {
      if (!complete) {
        opened.close();
      }
    }
  }

  /// Has the files that the engine writes for a container belong to its root.
  void openFiles(
      ContainerRecord container, List<Path> files, UserNamespace namespace, Opened opened)
      throws IOException {
    Path folder = folders.mounts(new ContainerId(container.id()));
    ContainerFolders.make(folder);
    for (Path file : files) {
      Path place = folder.resolve(String.valueOf(file.getFileName()));
      if (!Files.exists(place)) {
        Files.createFile(place);
      }
      try (Root data = Root.open(file.resolveSibling(""));
          PinnedPath inner = data.pin(RawPath.of(String.valueOf(file.getFileName())))) {
        mountFor(namespace, inner, place, file.toString());
      }
      opened.mounted.add(() -> mounts.unmount(place, true));
      opened.files.put(file, place);
    }
  }

  private Path source(
      ContainerRecord container,
      MountRecord mount,
      @Nullable UserNamespace namespace,
      Opened opened)
      throws IOException {
    if (mount.type().equals("bind") && !Files.exists(Path.of(mount.source()))) {
      throw new Fault.Invalid(
          "invalid mount config for type \"bind\": bind source path does not exist: "
              + mount.source());
    }
    UserNamespace owners = owners(mount, namespace, opened);
    boolean plain = mount.subpath() == null && mount.chain() == null && owners == null;
    return plain ? Path.of(mount.source()) : mountPrivately(container, mount, owners, opened);
  }

  /// With whose owners a mount is shown; null for the ones that are kept. A folder of the host is
  /// the host's: its owners stay who they are, unless it was said otherwise.
  private static @Nullable UserNamespace owners(
      MountRecord mount, @Nullable UserNamespace namespace, Opened opened) throws IOException {
    String said = mount.idMap();
    if (said == null) {
      return mount.type().equals("bind") ? null : namespace;
    }
    if (said.isEmpty()) {
      return namespace;
    }
    IdMapping mapping = OwnerMapping.parse(said);
    UserNamespace both =
        UserNamespace.create(namespace == null ? mapping : mapping.then(namespace.mapping()));
    opened.mounted.add(both::close);
    return both;
  }

  private Path mountPrivately(
      ContainerRecord container, MountRecord mount, @Nullable UserNamespace owners, Opened opened)
      throws IOException {
    ContainerId id = new ContainerId(container.id());
    String number = Integer.toString(container.mounts().indexOf(mount));
    Path place = folders.mounts(id).resolve(number);
    ContainerFolders.make(folders.mounts(id));
    Path top = Path.of(mount.source());
    if (mount.chain() != null) {
      top = folders.mounts(id).resolve(number + "-image");
      mountImage(container, mount, top, owners, opened);
    }
    try (Root root = Root.open(mount.type().equals("bind") ? Path.of("/") : top);
        PinnedPath inner = pin(root, mount)) {
      if (inner.status().isFolder()) {
        ContainerFolders.make(place);
      } else if (!Files.exists(place)) {
        Files.createFile(place);
      }
      if (owners == null || mount.chain() != null) {
        mounts.mount(
            new Mount("bind", inner.path().toString(), place, List.of("rbind", "rprivate")));
      } else {
        mountFor(owners, inner, place, mount.source());
      }
      opened.mounted.add(() -> mounts.unmount(place, true));
      return place;
    }
  }

  private void mountImage(
      ContainerRecord container,
      MountRecord mount,
      Path place,
      @Nullable UserNamespace owners,
      Opened opened)
      throws IOException {
    Snapshot.View view = images.open(container, mount);
    opened.mounted.add(() -> images.close(view));
    ContainerFolders.make(place);
    for (Mount layer : view.mounts()) {
      if (owners == null) {
        mounts.mount(layer, place);
      } else {
        Path aside = folders.layers(new ContainerId(container.id()));
        ContainerFolders.make(aside);
        try {
          new MappedTree(mounts, owners, aside).mount(layer, place);
        } catch (KernelException e) {
          throw OwnerMapping.refused(e, "the image " + mount.source());
        }
      }
      opened.mounted.add(() -> mounts.unmount(place, true));
    }
  }

  private static PinnedPath pin(Root root, MountRecord mount) throws IOException {
    String subpath = mount.subpath();
    String inside = mount.type().equals("bind") ? mount.source() : subpath == null ? "" : subpath;
    try {
      return root.pin(RawPath.of(inside));
    } catch (KernelException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
        throw new Fault.Invalid(
            "cannot access path " + mount.source() + "/" + inside + ": " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private static void mountFor(UserNamespace owners, PinnedPath inner, Path place, String subject)
      throws IOException {
    try {
      MappedMount.mount(inner, place, owners);
    } catch (KernelException e) {
      throw OwnerMapping.refused(e, "the file system of " + subject);
    }
  }
}
