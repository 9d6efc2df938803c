package io.djong.linux;

import java.io.IOException;
import java.nio.file.Path;

/// Named pipes (fifo(7)).
public final class Fifo {
  private Fifo() {}

  /// Opens for reading; a writer that waits for a reader goes on.
  public static DescriptorStream openInput(Poller poller, Path path) throws IOException {
    return open(poller, path, ProcessCalls.O_RDONLY);
  }

  /// Wakes who waits for input: it finds what was written before, or else the end. Nothing happens
  /// if nobody reads.
  public static void hangUp(Path path) throws IOException {
    try {
      ProcessCalls.close(
          ProcessCalls.open(path.toString(), ProcessCalls.O_WRONLY | ProcessCalls.O_NONBLOCK));
    } catch (KernelException e) {
      if (e.errno() != Errno.ENXIO && e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
  }

  /// Opens for writing.
  ///
  /// @throws KernelException `ENXIO` if nobody reads, `ENOENT` if there is no such file
  public static DescriptorStream openOutput(Poller poller, Path path) throws IOException {
    return open(poller, path, ProcessCalls.O_WRONLY);
  }

  private static DescriptorStream open(Poller poller, Path path, int direction) throws IOException {
    int descriptor = ProcessCalls.open(path.toString(), direction | ProcessCalls.O_NONBLOCK);
    return new DescriptorStream(poller, descriptor, "fifo \"" + path + "\"");
  }
}
