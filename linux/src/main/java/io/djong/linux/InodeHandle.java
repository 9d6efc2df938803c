package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import io.djong.model.RawPath;

/// An inode held by a descriptor made with `O_PATH`, a link's own if it is one: what the calls on
/// an inode's attributes want.
final class InodeHandle implements AutoCloseable {
  final Frame frame = new Frame();
  final int descriptor;

  InodeHandle(int root, RawPath path) throws KernelException {
    try {
      this.descriptor =
          Descriptors.open(frame, root, path, Descriptors.O_PATH | Syscall.O_NOFOLLOW, 0, 0);
    } catch (KernelException e) {
      frame.close();
      throw e;
    }
  }

  /// The address of a path that leads to the inode, for the calls that refuse such descriptors.
  long procPath() {
    return frame.text(Descriptors.procPath(descriptor));
  }

  @Override
  public void close() {
    Descriptors.close(descriptor);
    frame.close();
  }
}
