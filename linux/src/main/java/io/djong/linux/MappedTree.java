package io.djong.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Mounts a tree of layers with other owners than its layers keep. Overlayfs as a whole cannot be
/// mounted so, but its layers can (Linux 5.19): each is mounted once more with other owners, the
/// one that is written to as well, and overlayfs goes on top. What is written there is kept with
/// the owners that the layers have: no id of a user namespace comes to the disk.
///
/// Overlayfs works in the name of who mounted it, and root of the host has no place in the layer
/// that is written to; so a thread mounts it whose files belong to the tree's own root.
public final class MappedTree {
  private static final String LOWER = "lowerdir=";
  private static final String UPPER = "upperdir=";
  private static final String WORK = "workdir=";

  private final Mounts mounts;
  private final UserNamespace owners;
  private final Path aside;

  /// @param aside an empty folder that nobody else uses meanwhile: the layers are mounted there
  ///   until overlayfs has them
  public MappedTree(Mounts mounts, UserNamespace owners, Path aside) {
    this.mounts = mounts;
    this.owners = owners;
    this.aside = aside;
  }

  /// Mounts an overlay, or a bind mount without what is mounted below. If it fails, nothing stays
  /// mounted. Nobody but a thread with an owner of the mapping makes something new there: to root
  /// of the host the kernel says [Errno#EOVERFLOW].
  ///
  /// @throws KernelException with [Errno#EINVAL] if the kernel or a file system does not know of it
  public void mount(Mount mount, Path target) throws IOException {
    MountOptions options = MountOptions.of(mount.options());
    if (options.isBind()) {
      boolean readOnly = (options.restrictions() & MountOptions.MS_RDONLY) != 0;
      Descriptors.close(MappedMount.mount(Path.of(mount.source()), target, owners, readOnly));
    } else {
      mountOverlay(mount, target);
    }
  }

  private void mountOverlay(Mount mount, Path target) throws IOException {
    List<Integer> layers = new ArrayList<>();
    try {
      List<String> words = new ArrayList<>();
      String written = null;
      for (String option : mount.options()) {
        if (option.startsWith(LOWER)) {
          List<String> names = new ArrayList<>();
          for (String folder : LongMount.folders(option)) {
            names.add(mapped(Path.of(folder), layers));
          }
          words.add(LOWER + String.join(":", names));
        } else if (option.startsWith(UPPER) || option.startsWith(WORK)) {
          // Both in one mount: overlayfs wants it so.
          Path folder = Path.of(LongMount.unescape(option.substring(option.indexOf('=') + 1)));
          written = written == null ? mapped(folder.resolveSibling(""), layers) : written;
          words.add(
              option.substring(0, option.indexOf('=') + 1) + written + "/" + folder.getFileName());
        } else {
          words.add(option);
        }
      }
      IdMapping mapping = owners.mapping();
      try (OwnerThread root = OwnerThread.start(mapping.user(0), mapping.group(0))) {
        root.call(
            () -> {
              mounts.mount(new Mount(mount.type(), mount.source(), target, words));
              return target;
            });
      }
    } finally {
      for (int layer : layers.reversed()) {
        Descriptors.close(layer);
        mounts.unmount(aside, true);
      }
    }
  }

  /// A folder with other owners, by a short name that is good as long as the descriptor is open.
  private String mapped(Path folder, List<Integer> opened) throws IOException {
    int layer = MappedMount.mount(folder, aside, owners, false);
    opened.add(layer);
    return Descriptors.procPath(layer);
  }
}
