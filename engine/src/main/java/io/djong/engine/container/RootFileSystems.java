package io.djong.engine.container;

import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.linux.Mount;
import io.djong.linux.Mounts;
import io.djong.model.ContainerId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Mounts the file trees of containers where the runtime finds them. Under the container's lock.
final class RootFileSystems {
  private final Snapshotter snapshots;
  private final Mounts mounts;
  private final ContainerFolders folders;
  private final Set<ContainerId> mounted = ConcurrentHashMap.newKeySet();

  RootFileSystems(Snapshotter snapshots, Mounts mounts, ContainerFolders folders) {
    this.snapshots = snapshots;
    this.mounts = mounts;
    this.folders = folders;
  }

  /// Mounts a container's tree. Idempotent.
  Path mount(ContainerId id) throws IOException {
    Path rootfs = folders.rootfs(id);
    if (!mounted.contains(id)) {
      ContainerFolders.make(rootfs);
      for (Mount mount : active(id).mounts()) {
        mounts.mount(mount, rootfs);
      }
      mounted.add(id);
    }
    return rootfs;
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
    return mounted.contains(id);
  }

  /// Whether an earlier daemon mounted it.
  boolean isMountedNow(ContainerId id) throws IOException {
    return mounts.isMountPoint(folders.rootfs(id));
  }

  /// Takes over a mount that an earlier daemon made.
  void adopt(ContainerId id) {
    mounted.add(id);
  }

  /// Idempotent.
  void unmount(ContainerId id) throws IOException {
    if (mounted.remove(id)) {
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
