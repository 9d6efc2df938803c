package io.djong.engine.container;

import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// What a probe wrote, up to Docker's bound of 4 KiB; the rest is read and dropped, so that the
/// probe is not held up. Safe for use by several threads.
final class ProbeOutput {
  private static final int LIMIT = 4096;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private boolean more;

  /// Reads to the end.
  void of(Attachment streams) {
    try {
      for (Output output = streams.read(); output != null; output = streams.read()) {
        take(output.bytes());
      }
    } catch (IOException e) {
      System.getLogger(ProbeOutput.class.getName())
          .log(System.Logger.Level.DEBUG, "reading the output of a probe", e);
    }
  }

  private synchronized void take(byte[] bytes) {
    int room = LIMIT - kept.size();
    kept.write(bytes, 0, Math.min(room, bytes.length));
    more |= bytes.length > room;
  }

  synchronized String text() {
    String text = kept.toString(StandardCharsets.UTF_8);
    return more ? text + "..." : text;
  }
}
