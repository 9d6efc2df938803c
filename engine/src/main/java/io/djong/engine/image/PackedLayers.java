package io.djong.engine.image;

import io.djong.content.BlobStore;
import io.djong.content.LocalImages;
import io.djong.model.Digest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// The blobs of layers that the snapshotter keeps as tars: a cache, since an image is whole without
/// them. They spare a push from packing what came packed. What was used last longest ago goes
/// first; the store itself notes when that was, so a crash leaves no books that are wrong.
final class PackedLayers {
  private final BlobStore blobs;
  private final LocalImages local;
  private final ImageLayers layers;
  private final long limit;

  /// @param limit in bytes, what they may take together
  PackedLayers(BlobStore blobs, LocalImages local, ImageLayers layers, long limit) {
    this.blobs = blobs;
    this.local = local;
    this.layers = layers;
    this.limit = limit;
  }

  private record Packed(Digest blob, long size, Instant used) {}

  /// Frees blobs until the rest is within the limit. Blobs that a lease keeps, and those that
  /// cannot be made again, stay.
  void trim(Iterable<StoredImage> images) throws IOException {
    List<Packed> all = new ArrayList<>(spare(images).values());
    all.sort(Comparator.comparing(Packed::used));
    long sum = all.stream().mapToLong(Packed::size).sum();
    for (Packed packed : all) {
      if (sum <= limit) {
        return;
      }
      if (local.evict(packed.blob())) {
        sum -= packed.size();
      }
    }
  }

  private Map<Digest, Packed> spare(Iterable<StoredImage> images) throws IOException {
    Map<Digest, Packed> spare = new HashMap<>();
    for (StoredImage image : images) {
      for (Layer layer : image.layers()) {
        Digest blob = layer.descriptor().digest();
        OptionalLong size = blobs.size(blob);
        if (size.isPresent() && !spare.containsKey(blob) && layers.isSpare(layer)) {
          spare.put(blob, new Packed(blob, size.getAsLong(), blobs.lastUsed(blob)));
        }
      }
    }
    return spare;
  }
}
