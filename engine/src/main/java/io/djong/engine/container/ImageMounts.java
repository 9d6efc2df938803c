package io.djong.engine.container;

import io.djong.layers.ChainId;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.model.ContainerId;
import io.djong.model.Digest;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.MountRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The images whose trees containers mount. Each such mount has a view of its own from the
/// container's creation to its removal, so that the layers stay whatever becomes of the image. A
/// view's name says whose it is, so what a killed daemon left is found.
final class ImageMounts {
  private static final String PREFIX = "mount-";

  /// Of views that are there for as long as a container is being started.
  private static final String PASSING = "-now";

  private static final int ID = 64;

  private final Snapshotter snapshots;

  ImageMounts(Snapshotter snapshots) {
    this.snapshots = snapshots;
  }

  /// Keeps the layers of a container's images.
  void hold(ContainerRecord container, Rollback rollback) throws IOException {
    for (MountRecord mount : container.mounts()) {
      String chain = mount.chain();
      if (chain != null) {
        Snapshot.View view =
            snapshots.view(key(container, mount), new ChainId(Digest.parse(chain)));
        rollback.add(() -> snapshots.remove(view));
      }
    }
  }

  /// A view to be mounted now, and to be removed once whoever needs it has the mount.
  Snapshot.View open(ContainerRecord container, MountRecord mount) throws IOException {
    Digest chain = Digest.parse(String.valueOf(mount.chain()));
    return snapshots.view(key(container, mount) + PASSING, new ChainId(chain));
  }

  void close(Snapshot.View view) throws IOException {
    snapshots.remove(view);
  }

  private static String key(ContainerRecord container, MountRecord mount) {
    return PREFIX + container.id() + "-" + container.mounts().indexOf(mount);
  }

  /// Lets go of the layers of a container that is gone.
  ///
  /// @return the stacks that may be freed
  List<ChainId> free(ContainerRecord container) throws IOException {
    if (container.mounts().stream().allMatch(mount -> mount.chain() == null)) {
      return List.of();
    }
    return remove(key -> owner(key).equals(container.id()));
  }

  /// Removes views of containers that nobody knows, and those of starts that never came to an end.
  void sweep(Predicate<ContainerId> known) throws IOException {
    var _ = remove(key -> key.endsWith(PASSING) || !known.test(new ContainerId(owner(key))));
  }

  private List<ChainId> remove(Predicate<String> keys) throws IOException {
    List<Snapshot> all;
    try (var list = snapshots.list()) {
      all = list.toList();
    }
    List<ChainId> stacks = new ArrayList<>();
    for (Snapshot snapshot : all) {
      if (snapshot instanceof Snapshot.View view
          && view.key().startsWith(PREFIX)
          && view.key().length() > PREFIX.length() + ID
          && keys.test(view.key())) {
        snapshots.remove(view);
        stacks.add(view.parent());
      }
    }
    return stacks;
  }

  private static String owner(String key) {
    return key.substring(PREFIX.length(), PREFIX.length() + ID);
  }
}
