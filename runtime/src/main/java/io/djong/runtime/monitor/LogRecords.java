package io.djong.runtime.monitor;

import io.djong.runtime.ContainerProcess.Channel;
import io.djong.runtime.ContainerProcess.LogLine;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Takes the lines of a log apart: `TIME stdout F TEXT` is a line or its last piece, `TIME stdout P
/// TEXT` a piece of a line that goes on, whose own newline is not the container's.
final class LogRecords {
  private static final int FIRST_SPACE_MIN = 20;

  private byte[] lastSecond = {};
  private long lastEpoch;

  /// Whether a record that begins here is one that ends a line; only the head is looked at.
  static boolean endsLine(byte[] bytes, int from, int to) {
    int space = space(bytes, from, to);
    int second = space < 0 ? -1 : space(bytes, space + 1, to);
    return second < 0 || second + 1 >= to || bytes[second + 1] != 'P';
  }

  /// @param to after the newline, if it has one
  /// @return null if it is no record: what a full disk has cut off
  @Nullable LogLine parse(byte[] bytes, int from, int to) {
    int space = space(bytes, from, to);
    int second = space < 0 ? -1 : space(bytes, space + 1, to);
    if (second < 0 || second + 2 >= to || bytes[second + 2] != ' ') {
      return null;
    }
    Instant time = time(bytes, from, space);
    if (time == null) {
      return null;
    }
    boolean partial = bytes[second + 1] == 'P';
    int end = partial && bytes[to - 1] == '\n' ? to - 1 : to;
    // "stdout" and "stderr" differ in their fourth letter.
    Channel channel = bytes[space + 4] == 'o' ? Channel.STDOUT : Channel.STDERR;
    return new LogLine(time, channel, Arrays.copyOfRange(bytes, second + 3, end));
  }

  private static int space(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == ' ') {
        return i;
      }
    }
    return -1;
  }

  /// `2026-11-22T08:16:05.123456789+00:00`; the part up to the seconds is mostly that of the record
  /// before.
  private @Nullable Instant time(byte[] bytes, int from, int to) {
    int dot = from + 19;
    if (to - from < FIRST_SPACE_MIN || dot + 10 > to || bytes[dot] != '.') {
      return null;
    }
    long nanos = 0;
    for (int i = dot + 1; i < dot + 10; i++) {
      nanos = nanos * 10 + (bytes[i] - '0');
    }
    byte[] second = Arrays.copyOfRange(bytes, from, to);
    System.arraycopy(second, 29, second, 19, second.length - 29);
    second = Arrays.copyOf(second, second.length - 10);
    if (!Arrays.equals(second, lastSecond)) {
      try {
        String text = new String(second, java.nio.charset.StandardCharsets.ISO_8859_1);
        lastEpoch = OffsetDateTime.parse(text).toEpochSecond();
        lastSecond = second;
      } catch (DateTimeException e) {
        return null;
      }
    }
    return Instant.ofEpochSecond(lastEpoch, nanos);
  }
}
