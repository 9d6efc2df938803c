package io.djong.engine.container;

import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Removes folders of the engine's own.
final class Trees {
  private Trees() {}

  /// Removes a folder and what is in it, without following links. Idempotent.
  static void delete(Path folder) throws IOException {
    Path parent = folder.getParent();
    Path name = folder.getFileName();
    if (parent == null || name == null || !Files.exists(folder)) {
      return;
    }
    try (Root root = Root.open(parent)) {
      root.removeTree(RawPath.of(name.toString()));
    }
  }
}
