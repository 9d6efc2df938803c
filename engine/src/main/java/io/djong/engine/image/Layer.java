package io.djong.engine.image;

import io.djong.content.BlobWriter;
import io.djong.content.Lease;
import io.djong.content.ReadAhead;
import io.djong.layers.ChainId;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.MediaType;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A layer as a manifest names it, and as it is uncompressed.
record Layer(Descriptor descriptor, Digest diffId) {
  static Layer plain(Digest diffId, long size) {
    return new Layer(Descriptor.of(MediaType.OCI_LAYER, diffId, size), diffId);
  }

  static ChainId chain(@Nullable ChainId parent, Digest diffId) {
    return parent == null ? ChainId.of(List.of(diffId)) : parent.plus(diffId);
  }

  /// Writes a plain layer as a blob.
  static Layer plain(Lease lease, ReadAhead.Maker maker) throws IOException {
    try (BlobWriter writer = lease.newWriter()) {
      boolean done = false;
      try {
        maker.writeTo(writer);
        long size = writer.position();
        Layer layer = plain(writer.commit(null), size);
        done = true;
        return layer;
      } finally {
        if (!done) {
          writer.discard();
        }
      }
    }
  }
}
