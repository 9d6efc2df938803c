package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import io.djong.model.RawPath;

/// The folder that a path's last component is in, and that component: what the calls that change a
/// folder's names want.
final class ParentFolder implements AutoCloseable {
  final Frame frame = new Frame();
  final int folder;
  private final RawPath path;
  private final long name;
  private final boolean opened;

  ParentFolder(int root, RawPath path) throws KernelException {
    this.path = path;
    byte[] last = path.name().bytes();
    try {
      // The calls on names do not resolve inside the root, so a name must be one.
      if (last.length == 0 || (last.length == 2 && last[0] == '.' && last[1] == '.')) {
        throw Syscall.OPENAT2.failed(path, -Errno.EINVAL);
      }
      RawPath above = path.parent();
      this.opened = !above.isRoot();
      this.folder =
          opened
              ? Descriptors.open(frame, root, above, Descriptors.O_PATH | Syscall.O_DIRECTORY, 0, 0)
              : root;
      this.name = frame.text(last);
    } catch (KernelException e) {
      frame.close();
      throw e;
    }
  }

  /// The address of the last component's text.
  long name() {
    return name;
  }

  /// A call whose first argument is the folder.
  long check(Syscall call, long... further) throws KernelException {
    long[] arguments = new long[further.length + 1];
    arguments[0] = folder;
    System.arraycopy(further, 0, arguments, 1, further.length);
    return frame.check(call, path, arguments);
  }

  @Override
  public void close() {
    if (opened) {
      Descriptors.close(folder);
    }
    frame.close();
  }
}
