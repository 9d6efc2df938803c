package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import io.djong.model.RawPath;
import java.util.List;

/// Removes trees by folder descriptors: no link is followed, no other file system entered. A tree
/// that is too deep to hold a descriptor for each level is made flat first: folders deep down are
/// moved up into the topmost.
final class TreeRemoval {
  /// Descriptors held at once.
  private static final int DEEPEST = 100;

  private static final int RENAME_NOREPLACE = 1;

  private final int top;
  private final RawPath subject;
  private int moved;

  private TreeRemoval(int top, RawPath subject) {
    this.top = top;
    this.subject = subject;
  }

  /// @param parent the folder that the last component of the path is in
  static void remove(int parent, RawPath path) throws KernelException {
    byte[] name = path.name().bytes();
    try (Frame frame = new Frame()) {
      if (unlinked(frame, parent, name, path)) {
        return;
      }
      int top = open(frame, parent, path.name());
      try {
        TreeRemoval removal = new TreeRemoval(top, path);
        int before;
        do {
          before = removal.moved;
          removal.empty(top, 0);
        } while (removal.moved > before);
      } finally {
        Descriptors.close(top);
      }
      frame.check(Syscall.UNLINKAT, path, parent, frame.text(name), Descriptors.AT_REMOVEDIR);
    }
  }

  private void empty(int folder, int depth) throws KernelException {
    List<RawPath> names = FolderListing.names(folder, subject);
    for (RawPath name : names) {
      try (Frame frame = new Frame()) {
        if (unlinked(frame, folder, name.bytes(), subject.resolve(name))) {
          continue;
        }
        if (depth >= DEEPEST) {
          moveUp(frame, folder, name);
          continue;
        }
        int child = open(frame, folder, name);
        try {
          empty(child, depth + 1);
        } finally {
          Descriptors.close(child);
        }
        frame.check(
            Syscall.UNLINKAT,
            subject.resolve(name),
            folder,
            frame.text(name.bytes()),
            Descriptors.AT_REMOVEDIR);
      } catch (KernelException e) {
        // Somebody else removes it too, or has put a file where the folder was.
        if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR) {
          throw e;
        }
      }
    }
  }

  private void moveUp(Frame frame, int folder, RawPath name) throws KernelException {
    long from = frame.text(name.bytes());
    long result;
    do {
      result =
          frame.call(
              Syscall.RENAMEAT2,
              folder,
              from,
              top,
              frame.text(".removed-" + moved++),
              RENAME_NOREPLACE);
    } while (result == -Errno.EEXIST);
    if (result < 0) {
      throw Syscall.RENAMEAT2.failed(subject.resolve(name), result);
    }
  }

  /// @return false if the name is a folder's
  private static boolean unlinked(Frame frame, int folder, byte[] name, RawPath subject)
      throws KernelException {
    long result = frame.call(Syscall.UNLINKAT, folder, frame.text(name), 0);
    if (result == -Errno.EISDIR) {
      return false;
    }
    if (result < 0 && result != -Errno.ENOENT) {
      throw Syscall.UNLINKAT.failed(subject, result);
    }
    return true;
  }

  private static int open(Frame frame, int folder, RawPath name) throws KernelException {
    return Descriptors.open(
        frame,
        folder,
        name,
        Descriptors.O_RDONLY | Syscall.O_DIRECTORY | Syscall.O_NOFOLLOW,
        0,
        Descriptors.RESOLVE_NO_XDEV);
  }
}
