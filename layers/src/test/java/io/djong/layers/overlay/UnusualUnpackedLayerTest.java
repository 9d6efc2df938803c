package io.djong.layers.overlay;

import io.djong.layers.UnusualLayers;
import java.io.IOException;
import java.nio.file.Path;

class UnusualUnpackedLayerTest extends UnusualLayers {
  @Override
  protected OverlaySnapshotter open(Path store) throws IOException {
    return new OverlaySnapshotter(store);
  }
}
