package io.djong.runtime.monitor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Finds where the last lines of a file begin, from its end, without reading what comes before.
final class LogTail {
  private static final int BLOCK = 64 << 10;

  private final LogFile file;
  private final int lines;
  private final boolean goesOn;
  private int found;

  /// Where the bytes in hand begin in the file, and the bytes: they end with a record.
  private long begin;

  private byte[] bytes = {};

  private LogTail(LogFile file, int lines, boolean goesOn) throws IOException {
    this.file = file;
    this.lines = lines;
    this.goesOn = goesOn;
    this.begin = file.channel().size();
  }

  /// @param offset where the wanted lines begin
  /// @param missing how many of them the file does not have
  record Start(long offset, int missing) {}

  /// @param lines how many lines are wanted
  /// @param goesOn whether there is a newer file with something in it: a line that this one does
  ///   not end is ended there, and was counted there
  static Start of(LogFile file, int lines, boolean goesOn) throws IOException {
    LogTail tail = new LogTail(file, lines, goesOn);
    long offset = tail.search();
    return new Start(offset, lines - tail.found);
  }

  private long search() throws IOException {
    int end = 0;
    while (true) {
      int start = recordBefore(end);
      while (start < 0 && begin > 0) {
        bytes = Arrays.copyOf(bytes, end);
        end += prepend();
        start = recordBefore(end);
      }
      if (end == 0 && start <= 0) {
        return begin;
      }
      start = Math.max(start, 0);
      // The line at the end of the log counts even if the container has not ended it.
      boolean last = found == 0 && !goesOn;
      if (last || LogRecords.endsLine(bytes, start, end)) {
        if (found == lines) {
          return begin + end;
        }
        found++;
      }
      end = start;
    }
  }

  /// The start of the record that ends at `end`, or -1 if it is not in hand.
  private int recordBefore(int end) {
    for (int i = end - 2; i >= 0; i--) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private int prepend() throws IOException {
    int size = (int) Math.min(BLOCK, begin);
    byte[] longer = new byte[size + bytes.length];
    ByteBuffer buffer = ByteBuffer.wrap(longer, 0, size);
    while (buffer.hasRemaining()) {
      if (file.channel().read(buffer, begin - size + buffer.position()) < 0) {
        throw new IOException("a log became shorter while it was read");
      }
    }
    System.arraycopy(bytes, 0, longer, size, bytes.length);
    bytes = longer;
    begin -= size;
    return size;
  }
}
