package io.djong.engine.container;

import io.djong.engine.image.StoredImages;
import io.djong.layers.ChainId;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.linux.Mount;
import io.djong.linux.Mounts;
import io.djong.model.ContainerId;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.MountRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Mounts the trees of images that containers have among their mounts, to be looked at. A tree is
/// mounted below its container's bundle while that runs; what is mounted stands in the snapshotter
/// as a view, so the image's layers stay. Under the container's lock.
final class ImageMounts {
  private static final String TYPE = "image";

  private final Snapshotter snapshots;
  private final Mounts mounts;
  private final StoredImages images;
  private final ContainerFolders folders;

  ImageMounts(Snapshotter snapshots, Mounts mounts, StoredImages images, ContainerFolders folders) {
    this.snapshots = snapshots;
    this.mounts = mounts;
    this.images = images;
    this.folders = folders;
  }

  /// Whether a container has an image among its mounts.
  static boolean has(ContainerRecord container, Digest image) {
    return container.mounts().stream()
        .anyMatch(
            mount -> mount.type().equals(TYPE) && Path.of(mount.source()).endsWith(image.hex()));
  }

  /// Where a container has an image's tree, as the source of its mount.
  ///
  /// @throws Fault.NotFound if there is no such image
  Path place(ContainerId id, String image) throws IOException {
    return folders.bundle(id).resolve("images").resolve(images.inspect(image).id().hex());
  }

  /// Mounts the trees that a container wants. Idempotent.
  void mount(ContainerRecord container) throws IOException {
    for (MountRecord mount : container.mounts()) {
      Path place = Path.of(mount.source());
      if (!mount.type().equals(TYPE) || mounts.isMountPoint(place)) {
        continue;
      }
      String image = String.valueOf(place.getFileName());
      List<Digest> layers = images.inspect("sha256:" + image).config().rootfs().diffIds();
      if (layers.isEmpty()) {
        throw new Fault.Invalid("image " + image + " has no layers to mount");
      }
      Snapshot.View view = view(container, image);
      if (view == null) {
        view = snapshots.view(key(container, image), ChainId.of(layers));
      }
      Files.createDirectories(place);
      for (Mount one : view.mounts()) {
        mounts.mount(one, place);
      }
    }
  }

  /// Unmounts them. Idempotent.
  void unmount(ContainerRecord container) throws IOException {
    for (MountRecord mount : container.mounts()) {
      if (!mount.type().equals(TYPE)) {
        continue;
      }
      Path place = Path.of(mount.source());
      if (mounts.isMountPoint(place)) {
        mounts.unmount(place, true);
      }
      Files.deleteIfExists(place);
      Snapshot.View view = view(container, String.valueOf(place.getFileName()));
      if (view != null) {
        snapshots.remove(view);
        images.released(view.parent());
      }
    }
  }

  private static String key(ContainerRecord container, String image) {
    return "mount-" + container.id() + "-" + image;
  }

  private Snapshot.@Nullable View view(ContainerRecord container, String image) throws IOException {
    String key = key(container, image);
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
