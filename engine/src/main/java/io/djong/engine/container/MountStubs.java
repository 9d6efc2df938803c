package io.djong.engine.container;

import io.djong.linux.Errno;
import io.djong.linux.FileStatus;
import io.djong.linux.KernelException;
import io.djong.linux.Root;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Places for mounts that are made for a while: afterwards the tree is as it was. Only names below
/// the root are made and removed, never what anybody put there. For one thread.
final class MountStubs {
  private static final int MAX_LINKS = 40;

  private record Stub(RawPath path, boolean folder, FileStatus parent) {}

  private final Deque<Stub> made = new ArrayDeque<>();

  /// Makes what a mount goes onto, with the folders above it that are missing; follows links inside
  /// the tree alone. What is there stays.
  void make(Root root, String destination, boolean folder) throws IOException {
    make(root, RawPath.of(destination), folder, 0);
  }

  private void make(Root root, RawPath path, boolean folder, int links) throws IOException {
    if (links > MAX_LINKS) {
      throw new Fault.Invalid("mount target " + path + ": too many levels of symbolic links");
    }
    if (path.isRoot()) {
      return;
    }
    FileStatus status = root.find(path);
    if (status != null && status.isSymlink()) {
      byte[] target = root.readlink(path);
      boolean absolute = target.length > 0 && target[0] == '/';
      RawPath next = absolute ? RawPath.of(target) : path.parent().resolve(target);
      make(root, next, folder, links + 1);
      return;
    }
    if (status != null) {
      return;
    }
    make(root, path.parent(), true, links + 1);
    FileStatus parent = root.stat(path.parent());
    if (folder) {
      root.mkdir(path, 0755);
    } else {
      root.create(path, 0755).close();
    }
    made.push(new Stub(path, folder, parent));
  }

  /// Removes what was made, as far as it is still empty.
  void remove(Root root) throws IOException {
    while (!made.isEmpty()) {
      Stub stub = made.pop();
      if (removed(root, stub, root.find(stub.path))) {
        root.setTimes(stub.path.parent(), stub.parent.accessed(), stub.parent.modified());
      }
    }
  }

  private static boolean removed(Root root, Stub stub, @Nullable FileStatus now)
      throws IOException {
    if (now == null || now.isFolder() != stub.folder) {
      return false;
    }
    try {
      if (stub.folder) {
        root.rmdir(stub.path);
        return true;
      }
      if (now.isRegular() && now.size() == 0) {
        root.unlink(stub.path);
        return true;
      }
      return false;
    } catch (KernelException e) {
      if (e.errno() == Errno.ENOTEMPTY || e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }
}
