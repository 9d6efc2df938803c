package io.djong.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.engine.Containers;
import io.djong.runtime.ContainerProcess.LogLine;
import io.djong.runtime.ContainerProcess.LogQuery;
import io.djong.runtime.ContainerProcess.LogReader;
import java.io.IOException;

/// What containers wrote.
final class Logs {
  private Logs() {}

  /// All of it, of both streams.
  static String of(Containers containers, String id) throws IOException {
    StringBuilder text = new StringBuilder();
    try (LogReader reader = containers.logs(id, new LogQuery(true, true, -1, null, null, false))) {
      for (LogLine line = reader.next(); line != null; line = reader.next()) {
        text.append(new String(line.bytes(), UTF_8));
      }
    }
    return text.toString();
  }
}
