package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// Mounts a tree once more, with other owners than its file system keeps (`mount_setattr(2)`,
/// `MOUNT_ATTR_IDMAP`; Linux 5.12). What is created there is kept under the owner that the mapping
/// leads back to; ids outside of it are `nobody`'s and own nothing.
public final class MappedMount {
  private static final int CLOEXEC = 02000000;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final long MOUNT_ATTR_RDONLY = 1;
  private static final long MOUNT_ATTR_IDMAP = 0x00100000;
  private static final int SIZE = 32;

  private MappedMount() {}

  /// Mounts what is pinned, without what is mounted below it.
  ///
  /// @throws KernelException with [Errno#EINVAL] if the file system does not know of it
  public static void mount(PinnedPath source, Path target, UserNamespace owners)
      throws IOException {
    Descriptors.close(place(source.descriptor(), "", target, owners, false));
  }

  /// Mounts the folder at a path of the machine.
  ///
  /// @return a descriptor of what is mounted, for the caller to close
  static int mount(Path source, Path target, UserNamespace owners, boolean readOnly)
      throws IOException {
    return place(Descriptors.AT_FDCWD, source.toString(), target, owners, readOnly);
  }

  private static int place(
      int folder, String source, Path target, UserNamespace owners, boolean readOnly)
      throws IOException {
    try (Frame frame = new Frame()) {
      int tree =
          (int)
              frame.check(
                  Syscall.OPEN_TREE,
                  target,
                  folder,
                  frame.text(source),
                  OPEN_TREE_CLONE | CLOEXEC | (source.isEmpty() ? Descriptors.AT_EMPTY_PATH : 0));
      boolean mounted = false;
      try {
        MemorySegment attributes = frame.allocate(SIZE);
        attributes.set(Libc.LONG, 0, MOUNT_ATTR_IDMAP | (readOnly ? MOUNT_ATTR_RDONLY : 0));
        attributes.set(Libc.LONG, 24, owners.descriptor());
        frame.check(
            Syscall.MOUNT_SETATTR,
            target,
            tree,
            frame.text(""),
            Descriptors.AT_EMPTY_PATH,
            attributes.address(),
            SIZE);
        frame.check(
            Syscall.MOVE_MOUNT,
            target,
            tree,
            frame.text(""),
            Descriptors.AT_FDCWD,
            frame.text(target.toString()),
            MOVE_MOUNT_F_EMPTY_PATH);
        mounted = true;
        return tree;
      } finally {
        if (!mounted) {
          Descriptors.close(tree);
        }
      }
    }
  }
}
