package io.djong.runtime.monitor;

import io.djong.runtime.ContainerProcess.LogLine;
import io.djong.runtime.ContainerProcess.LogQuery;
import io.djong.runtime.ContainerProcess.LogReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Reads a log from file to file, and on while it is written: each record once, whenever the files
/// are rotated.
final class RotatedLogReader implements LogReader {
  private static final int BLOCK = 64 << 10;

  private final LogFiles log;
  private final LogQuery query;
  private final BooleanSupplier ended;
  private final LogRecords records = new LogRecords();
  private final Deque<LogFile> files = new ArrayDeque<>();
  private byte[] bytes = new byte[BLOCK];
  private int from;
  private int to;
  private volatile boolean closed;

  /// @param ended whether nothing more will be written
  RotatedLogReader(LogFiles log, LogQuery query, BooleanSupplier ended) throws IOException {
    this.log = log;
    this.query = query;
    this.ended = ended;
    List<LogFile> newestFirst = log.openAll();
    int wanted = query.tail();
    boolean goesOn = false;
    for (LogFile file : newestFirst) {
      if (wanted < 0) {
        files.addFirst(file);
      } else if (wanted > 0 || files.isEmpty()) {
        LogTail.Start start = LogTail.of(file, wanted, goesOn);
        goesOn |= file.channel().size() > 0;
        file.channel().position(start.offset());
        wanted = start.missing();
        files.addFirst(file);
      } else {
        file.close();
      }
    }
  }

  /// Reads from a place on.
  ///
  /// @throws IOException if the log has been rotated so often that the place is gone
  RotatedLogReader(LogFiles log, LogQuery query, BooleanSupplier ended, LogFiles.Mark start)
      throws IOException {
    this.log = log;
    this.query = query;
    this.ended = ended;
    boolean found = false;
    for (LogFile file : log.openAll()) {
      if (found) {
        file.close();
        continue;
      }
      files.addFirst(file);
      found = file.number() == start.number();
    }
    if (!found) {
      close();
      throw new IOException("the reader fell further behind than the log reaches");
    }
    files.getFirst().channel().position(start.offset());
  }

  @Override
  public @Nullable LogLine next() throws IOException {
    while (true) {
      int end = record();
      if (end < 0) {
        if (!more()) {
          return null;
        }
        continue;
      }
      LogLine line = records.parse(bytes, from, end);
      from = end;
      if (line == null) {
        continue;
      }
      if (query.until() != null && line.time().isAfter(query.until())) {
        return null;
      }
      if (wanted(line)) {
        return line;
      }
    }
  }

  private boolean wanted(LogLine line) {
    boolean stream =
        switch (line.channel()) {
          case STDOUT -> query.stdout();
          case STDERR -> query.stderr();
        };
    return stream && (query.since() == null || !line.time().isBefore(query.since()));
  }

  /// The end of the next record in hand, or -1.
  private int record() {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  /// Reads on.
  ///
  /// @return false at the end
  private boolean more() throws IOException {
    while (true) {
      // All three are asked before the file is read: what is written later is seen the next time
      // round.
      long seen = log.changes();
      boolean last = ended.getAsBoolean();
      LogFile next = files.size() > 1 ? null : successor();
      if (fill()) {
        if (next != null) {
          next.close();
        }
        return true;
      }
      if (next != null || files.size() > 1) {
        from = 0;
        to = 0;
        if (!files.isEmpty()) {
          files.removeFirst().close();
        }
        if (next != null) {
          files.add(next);
        }
        continue;
      }
      if (!query.follow() || last || closed || !waits(seen)) {
        return false;
      }
    }
  }

  private @Nullable LogFile successor() throws IOException {
    if (!files.isEmpty()) {
      return query.follow() ? log.openNext(files.getFirst()) : null;
    }
    List<LogFile> all = log.openAll();
    for (int i = 0; i + 1 < all.size(); i++) {
      all.get(i).close();
    }
    return all.isEmpty() ? null : all.getLast();
  }

  private boolean fill() throws IOException {
    if (files.isEmpty()) {
      return false;
    }
    if (from > 0) {
      System.arraycopy(bytes, from, bytes, 0, to - from);
      to -= from;
      from = 0;
    }
    if (to == bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    int n = files.getFirst().channel().read(ByteBuffer.wrap(bytes, to, bytes.length - to));
    if (n <= 0) {
      return false;
    }
    to += n;
    return true;
  }

  /// @return false if the time that was asked for is over
  private boolean waits(long seen) throws IOException {
    long nanos = LogFiles.FOREVER;
    if (query.until() != null) {
      nanos = Math.min(nanos, Duration.between(Instant.now(), query.until()).toNanos());
    }
    try {
      return log.await(seen, nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while following a log");
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    log.changed();
    for (LogFile file : files) {
      file.close();
    }
  }
}
