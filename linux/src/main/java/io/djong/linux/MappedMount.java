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
  private static final long MOUNT_ATTR_IDMAP = 0x00100000;
  private static final int SIZE = 32;

  private MappedMount() {}

  /// Mounts what is pinned, without what is mounted below it.
  ///
  /// @throws KernelException with [Errno#EINVAL] if the file system does not know of it
  public static void mount(PinnedPath source, Path target, IdMapping mapping) throws IOException {
    try (UserNamespace owners = UserNamespace.create(mapping);
        Frame frame = new Frame()) {
      int tree =
          (int)
              frame.check(
                  Syscall.OPEN_TREE,
                  target,
                  source.descriptor(),
                  frame.text(""),
                  OPEN_TREE_CLONE | CLOEXEC | Descriptors.AT_EMPTY_PATH);
      try {
        MemorySegment attributes = frame.allocate(SIZE);
        attributes.set(Libc.LONG, 0, MOUNT_ATTR_IDMAP);
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
      } finally {
        Descriptors.close(tree);
      }
    }
  }
}
