package io.djong.layers.overlay;

import io.djong.layers.HostileLayers;
import java.io.IOException;
import java.nio.file.Path;

class HostileUnpackedLayerTest extends HostileLayers {
  @Override
  protected OverlaySnapshotter open(Path store) throws IOException {
    return new OverlaySnapshotter(store);
  }
}
