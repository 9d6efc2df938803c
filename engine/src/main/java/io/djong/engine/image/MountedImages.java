package io.djong.engine.image;

import io.djong.layers.ChainId;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.linux.Mount;
import io.djong.linux.Mounts;
import io.djong.model.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The images whose trees are mounted to be looked at. What is mounted stands in the snapshotter,
/// as a view, and in the kernel, so it needs no books. Safe for use by several threads.
final class MountedImages {
  private static final String KEY = "image-";

  private final Snapshotter snapshots;
  private final Mounts mounts;
  private final Path folder;
  private final ReentrantLock lock = new ReentrantLock();

  /// @param folder one of its own, in which the trees are mounted
  MountedImages(Snapshotter snapshots, Mounts mounts, Path folder) {
    this.snapshots = snapshots;
    this.mounts = mounts;
    this.folder = folder;
  }

  Path mount(StoredImage image) throws IOException {
    ChainId top = image.top();
    if (top == null) {
      throw new Fault.Invalid("image " + image.id() + " has no layers to mount");
    }
    Path place = place(image);
    lock.lock();
    try {
      Snapshot.View old = view(image);
      if (mounts.isMountPoint(place)) {
        if (old != null) {
          return place;
        }
        mounts.unmount(place, true);
      }
      if (old != null) {
        // Of before the machine was restarted: what it stands on may not be mounted any more.
        snapshots.remove(old);
      }
      Snapshot.View view = snapshots.view(KEY + image.id().hex(), top);
      boolean mounted = false;
      try {
        Files.createDirectories(place);
        for (Mount mount : view.mounts()) {
          mounts.mount(mount, place);
        }
        mounted = true;
      } finally {
        if (!mounted) {
          snapshots.remove(view);
          Files.deleteIfExists(place);
        }
      }
      return place;
    } finally {
      lock.unlock();
    }
  }

  void unmount(StoredImage image) throws IOException {
    Path place = place(image);
    lock.lock();
    try {
      Snapshot.View view = view(image);
      if (view == null) {
        throw new Fault.Conflict("image " + image.id() + " is not mounted");
      }
      mounts.unmount(place, true);
      Files.deleteIfExists(place);
      snapshots.remove(view);
    } finally {
      lock.unlock();
    }
  }

  private Path place(StoredImage image) {
    return folder.resolve(image.id().hex());
  }

  private Snapshot.@Nullable View view(StoredImage image) throws IOException {
    String key = KEY + image.id().hex();
    List<Snapshot> all;
    try (var list = snapshots.list()) {
      all = list.toList();
    }
    for (Snapshot snapshot : all) {
      if (snapshot instanceof Snapshot.View view && view.key().equals(key)) {
        return view;
      }
    }
    return null;
  }
}
