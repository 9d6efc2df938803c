package io.djong.engine.image;

import io.djong.content.ImageTarget;
import io.djong.content.LayerIntake;
import io.djong.content.Lease;
import io.djong.content.LocalImages;
import io.djong.content.ReadAhead;
import io.djong.layers.ChainId;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.Progress;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Images on their way to this machine, from a registry, an archive or a container. What was
/// brought is held as long as this is open, and only what became an image stays. Removals and
/// sweeps go on meanwhile.
final class Arrival implements AutoCloseable {
  private final LocalImages local;
  private final ImageLayers layers;
  private final ImageIndex index;
  private final Lease lease;
  private final @Nullable StagedLayers staged;

  Arrival(LocalImages local, ImageLayers layers, ImageIndex index) {
    this.local = local;
    this.layers = layers;
    this.index = index;
    this.lease = local.lease();
    this.staged = layers.staging(index::layerOf);
  }

  Lease lease() {
    return lease;
  }

  /// Where layers go while they come in; null if they go by their blobs.
  @Nullable LayerIntake intake() {
    return staged;
  }

  /// Where an image is copied to.
  ImageTarget target() {
    return staged == null ? local.target(lease) : local.target(lease, staged);
  }

  /// Makes the image that a copied manifest or index means on this machine mountable: puts its
  /// layers on each other. It is not known yet.
  ///
  /// @throws Fault.NotFound if the image, or a layer of it, did not come
  StoredImage settle(Document<Manifest> copied, Progress progress) throws IOException {
    StoredImage image = index.read(copied);
    ChainId parent = null;
    for (Layer layer : image.layers()) {
      ChainId chain = Layer.chain(parent, layer.diffId());
      if (!layers.contains(chain)) {
        String id = layer.descriptor().digest().abbreviated();
        progress.say(id, "Extracting");
        add(parent, layer);
        progress.say(id, "Pull complete");
      }
      parent = chain;
    }
    return image;
  }

  /// Puts a layer on a stack, durably.
  void add(@Nullable ChainId parent, Layer layer) throws IOException {
    if (staged == null || !staged.add(parent, layer.diffId())) {
      layers.unpack(parent, layer);
    }
  }

  /// Takes in a layer that is made here.
  ///
  /// @param maker writes the tar
  Layer make(ReadAhead.Maker maker) throws IOException {
    if (staged == null) {
      return Layer.plain(lease, maker);
    }
    try (InputStream tar = new ReadAhead(maker)) {
      Digest diffId = staged.take(tar);
      return Layer.plain(diffId, staged.size(diffId));
    }
  }

  @Override
  public void close() throws IOException {
    try (lease) {
      if (staged != null) {
        staged.close();
      }
    }
  }
}
