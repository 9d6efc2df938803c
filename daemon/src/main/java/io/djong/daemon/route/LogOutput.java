package io.djong.daemon.route;

import io.djong.runtime.ContainerProcess.LogLine;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Writes lines of a log as the API wants them: in frames unless the container has a terminal, with
/// the time in front if asked for. For one thread.
final class LogOutput {
  private static final byte[] NOTHING = {};

  private final OutputStream out;
  private final boolean tty;
  private final boolean timestamps;
  private final byte[] details;
  private final boolean flush;
  private final boolean[] inLine = new boolean[3];

  /// @param details what comes before each line, behind the time
  /// @param flush whether each line is sent at once, for a log that is followed
  LogOutput(
      OutputStream out, boolean tty, boolean timestamps, byte @Nullable [] details, boolean flush) {
    this.out = out;
    this.tty = tty;
    this.timestamps = timestamps;
    this.details = details == null ? NOTHING : details;
    this.flush = flush;
  }

  void write(LogLine line) throws IOException {
    int stream = StreamRoutes.channelNumber(line.channel());
    byte[] bytes = line.bytes();
    // A line longer than a piece of the log comes in pieces; its time stands before the first one
    // only.
    byte[] stamp = timestamps && !inLine[stream] ? StreamRoutes.stamp(line.time()) : NOTHING;
    byte[] more = inLine[stream] ? NOTHING : details;
    inLine[stream] = bytes.length == 0 || bytes[bytes.length - 1] != '\n';
    int head = tty ? 0 : 8;
    int length = stamp.length + more.length + bytes.length;
    byte[] frame = new byte[head + length];
    if (!tty) {
      frame[0] = (byte) stream;
      java.nio.ByteBuffer.wrap(frame).putInt(4, length);
    }
    System.arraycopy(stamp, 0, frame, head, stamp.length);
    System.arraycopy(more, 0, frame, head + stamp.length, more.length);
    System.arraycopy(bytes, 0, frame, frame.length - bytes.length, bytes.length);
    out.write(frame);
    if (flush) {
      out.flush();
    }
  }
}
