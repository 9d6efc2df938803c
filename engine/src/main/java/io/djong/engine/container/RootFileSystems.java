package io.djong.engine.container;

import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.linux.IdMapping;
import io.djong.linux.KernelException;
import io.djong.linux.MappedTree;
import io.djong.linux.Mount;
import io.djong.linux.Mounts;
import io.djong.linux.Root;
import io.djong.linux.UserNamespace;
import io.djong.model.ContainerId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Mounts the file trees of containers where the runtime finds them. Under the container's lock.
final class RootFileSystems {
  private final Snapshotter snapshots;
  private final Mounts mounts;
  private final ContainerFolders folders;
  private final Map<ContainerId, Mounted> mounted = new ConcurrentHashMap<>();

  /// @param owners with which ones it is mounted; null for its own
  private record Mounted(@Nullable IdMapping owners) {}

  RootFileSystems(Snapshotter snapshots, Mounts mounts, ContainerFolders folders) {
    this.snapshots = snapshots;
    this.mounts = mounts;
    this.folders = folders;
  }

  /// Mounts a container's tree with its owners as they are kept. Idempotent.
  Path mount(ContainerId id) throws IOException {
    return mount(id, null);
  }

  /// Mounts a container's tree; if it is mounted with other owners, anew. Idempotent.
  ///
  /// @param owners who its owners become; null for the ones that are kept
  /// @throws Fault.Unsupported if the kernel or a file system cannot show other owners
  Path mount(ContainerId id, @Nullable UserNamespace owners) throws IOException {
    Path rootfs = folders.rootfs(id);
    Mounted now = new Mounted(owners == null ? null : owners.mapping());
    if (now.equals(mounted.get(id))) {
      return rootfs;
    }
    unmount(id);
    ContainerFolders.make(rootfs);
    if (owners == null) {
      for (Mount mount : active(id).mounts()) {
        mounts.mount(mount, rootfs);
      }
    } else {
      mountFor(owners, id, rootfs);
    }
    mounted.put(id, now);
    return rootfs;
  }

  private void mountFor(UserNamespace owners, ContainerId id, Path rootfs) throws IOException {
    folders.letThrough(id, owners.mapping().group(0));
    Path aside = folders.layers(id);
    ContainerFolders.make(aside);
    MappedTree tree = new MappedTree(mounts, owners, aside);
    try {
      for (Mount mount : active(id).mounts()) {
        tree.mount(mount, rootfs);
      }
    } catch (KernelException e) {
      throw OwnerMapping.refused(e, "the tree of container " + id.abbreviated());
    }
  }

  /// Opens a container's tree, which is mounted; its owners are told and taken as they are kept.
  Root open(ContainerId id) throws IOException {
    Mounted now = mounted.get(id);
    return Root.open(folders.rootfs(id), now == null ? null : now.owners());
  }

  /// Has all that is written of a container for its runtime in memory alone: its variables are
  /// among it. Before anything is written; [#unmountAll] ends it.
  void keepInMemory(ContainerId id) throws IOException {
    ContainerFolders.make(folders.bundle(id));
    mounts.mount(
        new Mount(
            "tmpfs",
            "tmpfs",
            folders.bundle(id),
            List.of("nosuid", "nodev", "noexec", "mode=0700", "size=16m")));
  }

  boolean isMounted(ContainerId id) {
    return mounted.containsKey(id);
  }

  /// Whether an earlier daemon mounted it.
  boolean isMountedNow(ContainerId id) throws IOException {
    return mounts.isMountPoint(folders.rootfs(id));
  }

  /// Takes over a mount that an earlier daemon made.
  ///
  /// @param owners with which ones it is mounted; null for its own
  void adopt(ContainerId id, @Nullable IdMapping owners) {
    mounted.put(id, new Mounted(owners));
  }

  /// Idempotent.
  void unmount(ContainerId id) throws IOException {
    if (mounted.remove(id) != null) {
      mounts.unmount(folders.rootfs(id), true);
    }
  }

  /// Unmounts whatever is mounted in a container's folder, known or not.
  void unmountAll(ContainerId id) throws IOException {
    mounted.remove(id);
    for (var point : mounts.below(folders.bundle(id)).reversed()) {
      mounts.unmount(Path.of("/" + point.path()), true);
    }
  }

  Snapshot.Active active(ContainerId id) throws IOException {
    Snapshot.Active active = snapshots.active(id.hex());
    if (active == null) {
      throw new IOException("the file tree of container " + id + " is missing");
    }
    return active;
  }
}
