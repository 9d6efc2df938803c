package io.djong.runtime.monitor;

import io.djong.linux.DescriptorStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A line that conmon writes to its parent: `{"data": NUMBER, "message": "TEXT"}`.
///
/// @param data a pid, an exit code, or negative if the runtime failed
/// @param message the runtime's words then
record SyncMessage(int data, String message) {
  /// conmon passes at most 8 KiB of the runtime's words, each byte in up to six.
  private static final int LIMIT = 64 << 10;

  private static final String DATA = "\"data\":";
  private static final String MESSAGE = "\"message\": \"";

  /// @return null if the monitor ended without a word
  static @Nullable SyncMessage read(DescriptorStream pipe) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] one = new byte[1];
    while (line.size() < LIMIT && pipe.read(one, 0, 1) > 0) {
      if (one[0] == '\n') {
        return parse(line.toString(StandardCharsets.UTF_8));
      }
      line.write(one[0]);
    }
    return null;
  }

  static SyncMessage parse(String line) throws IOException {
    int data = line.indexOf(DATA);
    if (data < 0) {
      throw new IOException("the monitor said \"" + line + "\"");
    }
    int from = data + DATA.length();
    while (from < line.length() && line.charAt(from) == ' ') {
      from++;
    }
    int to = from;
    while (to < line.length() && (line.charAt(to) == '-' || Character.isDigit(line.charAt(to)))) {
      to++;
    }
    int message = line.indexOf(MESSAGE, to);
    String text =
        message < 0
            ? ""
            : unescape(line.substring(message + MESSAGE.length(), line.lastIndexOf('"')));
    return new SyncMessage(Integer.parseInt(line.substring(from, to)), text);
  }

  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '\\' || at == text.length()) {
        plain.append(c);
        continue;
      }
      char escaped = text.charAt(at++);
      switch (escaped) {
        case 'n' -> plain.append('\n');
        case 't' -> plain.append('\t');
        case 'u' -> {
          int end = Math.min(at + 4, text.length());
          plain.append((char) Integer.parseInt(text.substring(at, end), 16));
          at = end;
        }
        default -> plain.append(escaped);
      }
    }
    return plain.toString();
  }
}
