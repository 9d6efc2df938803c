package io.djong.engine.container;

import io.djong.layers.Snapshot;
import io.djong.linux.Errno;
import io.djong.linux.IdMapping;
import io.djong.linux.KernelException;
import io.djong.linux.MappedMount;
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
  /// @throws Fault if a source is not there
  Opened open(ContainerRecord container) throws IOException {
    Opened opened = new Opened();
    boolean complete = false;
    try {
      for (MountRecord mount : container.mounts()) {
        if (!mount.type().equals("tmpfs")) {
          opened.paths.put(mount.destination(), source(container, mount, opened));
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

  private Path source(ContainerRecord container, MountRecord mount, Opened opened)
      throws IOException {
    if (mount.type().equals("bind") && !Files.exists(Path.of(mount.source()))) {
      throw new Fault.Invalid(
          "invalid mount config for type \"bind\": bind source path does not exist: "
              + mount.source());
    }
    boolean plain = mount.subpath() == null && mount.chain() == null && mount.idMap() == null;
    return plain ? Path.of(mount.source()) : mountPrivately(container, mount, opened);
  }

  private Path mountPrivately(ContainerRecord container, MountRecord mount, Opened opened)
      throws IOException {
    ContainerId id = new ContainerId(container.id());
    String number = Integer.toString(container.mounts().indexOf(mount));
    Path place = folders.mounts(id).resolve(number);
    ContainerFolders.make(folders.mounts(id));
    Path top = Path.of(mount.source());
    if (mount.chain() != null) {
      top = folders.mounts(id).resolve(number + "-image");
      mountImage(container, mount, top, opened);
    }
    try (Root root = Root.open(mount.type().equals("bind") ? Path.of("/") : top);
        PinnedPath inner = pin(root, mount)) {
      if (inner.status().isFolder()) {
        ContainerFolders.make(place);
      } else if (!Files.exists(place)) {
        Files.createFile(place);
      }
      mount(inner, place, mount);
      opened.mounted.add(() -> mounts.unmount(place, true));
      return place;
    }
  }

  private void mountImage(ContainerRecord container, MountRecord mount, Path place, Opened opened)
      throws IOException {
    Snapshot.View view = images.open(container, mount);
    opened.mounted.add(() -> images.close(view));
    ContainerFolders.make(place);
    for (Mount layer : view.mounts()) {
      mounts.mount(layer, place);
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

  private void mount(PinnedPath inner, Path place, MountRecord mount) throws IOException {
    String mapping = mount.idMap();
    if (mapping == null) {
      mounts.mount(new Mount("bind", inner.path().toString(), place, List.of("rbind", "rprivate")));
      return;
    }
    IdMapping owners = OwnerMapping.parse(mapping);
    try (UserNamespace namespace = UserNamespace.create(owners)) {
      MappedMount.mount(inner, place, namespace);
    } catch (KernelException e) {
      if (e.errno() == Errno.EINVAL || e.errno() == Errno.ENOSYS || e.errno() == Errno.EPERM) {
        throw new Fault.Unsupported(
            "the file system of "
                + mount.source()
                + " cannot be mounted with other owners (idmap): "
                + e.getMessage());
      }
      throw e;
    }
  }
}
