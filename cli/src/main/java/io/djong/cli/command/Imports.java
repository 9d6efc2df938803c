package io.djong.cli.command;

import io.djong.api.JsonLines;
import io.djong.api.StreamMessage;
import io.djong.cli.Call;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sends a file tree to the engine, which makes an image of it.
final class Imports {
  private Imports() {}

  static void run(
      Call call,
      InputStream tar,
      ImageName name,
      @Nullable String message,
      List<String> changes,
      @Nullable String platform,
      ProgressLine progress)
      throws IOException {
    try (JsonLines<StreamMessage> answers =
        call.engine().importTree(tar, name.repository(), name.tag(), message, changes, platform)) {
      progress.show(answers);
    }
  }
}
