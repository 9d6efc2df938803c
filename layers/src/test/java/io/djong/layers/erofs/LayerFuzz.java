package io.djong.layers.erofs;

import io.djong.layers.overlay.LayerStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The target of `scripts/fuzz` (Jazzer): the reader of tars, the translation of whiteouts and the
/// writer of indexes, by themselves and over a layer below. Whatever the bytes, they are refused or
/// become an index that is right.
public final class LayerFuzz {
  private static final Path BELOW = below();

  private LayerFuzz() {}

  private static Path below() {
    try {
      Path tree = Files.createTempDirectory("djong-fuzz-");
      Files.createDirectories(tree.resolve("a/deep"));
      Files.writeString(tree.resolve("a/b"), "b");
      Files.writeString(tree.resolve("a/deep/c"), "c");
      Files.createSymbolicLink(tree.resolve("d"), Path.of("/a"));
      return tree;
    } catch (IOException e) {
      throw new AssertionError("no folder to stand on", e);
    }
  }

  /// Called by Jazzer, by this name.
  public static void fuzzerTestOneInput(byte[] tar) throws IOException {
    try (LayerStack nothing = LayerStack.none();
        LayerStack layer = LayerStack.of(() -> List.of(BELOW))) {
      MutatedTarTest.isIndexed(tar, nothing);
      MutatedTarTest.isIndexed(tar, layer);
    }
  }
}
