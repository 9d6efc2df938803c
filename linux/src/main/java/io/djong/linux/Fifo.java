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
