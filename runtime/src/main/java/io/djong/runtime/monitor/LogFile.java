package io.djong.runtime.monitor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file of a log that is open for reading, whatever its name becomes meanwhile. A packed one is
/// unpacked once it is looked at. One thread reads, another may close.
final class LogFile implements AutoCloseable {
  private final FileChannel stored;
  private final long number;
  private final @Nullable Path beside;
  private volatile @Nullable FileChannel plain;

  /// @param number which file of the log it is: the one after it has the next number
  /// @param beside null if it is not packed, else the folder to unpack it in
  LogFile(FileChannel stored, long number, @Nullable Path beside) {
    this.stored = stored;
    this.number = number;
    this.beside = beside;
  }

  long number() {
    return number;
  }

  /// The lines.
  FileChannel channel() throws IOException {
    FileChannel lines = plain;
    if (lines == null) {
      lines = beside == null ? stored : PackedLog.unpack(stored, beside);
      plain = lines;
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    stored.close();
    FileChannel lines = plain;
    if (lines != null) {
      lines.close();
    }
  }
}
