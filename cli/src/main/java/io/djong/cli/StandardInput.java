package io.djong.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// What this process is given to read. An interrupt of a platform thread that waits for it ends the
/// waiting, and the reading with it; standard input itself stays open, as the terminal is asked
/// through it. A JVM waits for 300 ms before it ends while a thread is in a read. Safe for use by
/// several threads.
final class StandardInput extends InputStream {
  /// Opened at the first read: few commands read.
  private @Nullable InputStream in;

  private synchronized InputStream in() {
    InputStream open = in;
    if (open == null) {
      open = open();
      in = open;
    }
    return open;
  }

  private static InputStream open() {
    Path path = Path.of("/proc/self/fd/0");
    // A file is read from where whoever gave it has stopped, and never waited for.
    if (!Files.isRegularFile(path)) {
      try {
        return Channels.newInputStream(FileChannel.open(path, StandardOpenOption.READ));
      } catch (IOException e) {
        // A socket, or another user's terminal: it can be read, and not be opened again.
      }
    }
    return new FileInputStream(FileDescriptor.in);
  }

  @Override
  public int read() throws IOException {
    return in().read();
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    return in().read(into, offset, length);
  }

  @Override
  public int available() throws IOException {
    return in().available();
  }
}
