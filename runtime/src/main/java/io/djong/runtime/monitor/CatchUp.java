package io.djong.runtime.monitor;

import io.djong.runtime.ContainerProcess.Channel;
import io.djong.runtime.ContainerProcess.LogLine;
import io.djong.runtime.ContainerProcess.LogQuery;
import io.djong.runtime.ContainerProcess.Output;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The rest of a process's output for a reader who could not keep up: the log has the same bytes in
/// the same order, so it goes on there after as many of each stream as the reader has been given.
final class CatchUp {
  private static final LogQuery FOLLOW = new LogQuery(true, true, -1, null, null, true);

  private final LogFiles log;
  private final LogFiles.Mark beginning;
  private final BooleanSupplier ended;
  private final Map<Channel, Long> given = new EnumMap<>(Channel.class);
  private @Nullable RotatedLogReader reader;
  private boolean closed;

  /// @param beginning where the log was before the process wrote anything
  CatchUp(LogFiles log, LogFiles.Mark beginning, BooleanSupplier ended) {
    this.log = log;
    this.beginning = beginning;
    this.ended = ended;
  }

  /// The reader has been given this much. Not to be called any more after [#next].
  void count(Output output) {
    given.merge(output.channel(), (long) output.bytes().length, Long::sum);
  }

  /// @return null at the end
  /// @throws IOException if the log has been rotated away meanwhile
  @Nullable Output next() throws IOException {
    RotatedLogReader from = open();
    while (from != null) {
      LogLine line = from.next();
      if (line == null) {
        return null;
      }
      byte[] bytes = line.bytes();
      long skip = Math.min(given.getOrDefault(line.channel(), 0L), bytes.length);
      given.merge(line.channel(), -skip, Long::sum);
      if (skip < bytes.length) {
        return new Output(line.channel(), Arrays.copyOfRange(bytes, (int) skip, bytes.length));
      }
    }
    return null;
  }

  private synchronized @Nullable RotatedLogReader open() throws IOException {
    if (reader == null && !closed) {
      reader = new RotatedLogReader(log, FOLLOW, ended, beginning);
    }
    return reader;
  }

  synchronized void close() throws IOException {
    closed = true;
    if (reader != null) {
      reader.close();
    }
  }
}
