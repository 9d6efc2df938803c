package io.djong.content;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Manifest;
import io.djong.model.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Where images go: the local store, an archive, a registry.
public interface ImageTarget {
  /// Tells of an image before its layers are asked for: what its config says each layer is,
  /// uncompressed. Whoever keeps layers another way than as blobs needs that.
  ///
  /// @param diffIds as many as the image has layers
  default void expect(Manifest.Image image, List<Digest> diffIds) {}

  /// Whether the target can do without the bytes of a blob.
  boolean contains(Reference.Repository in, Descriptor blob) throws IOException;

  /// Prepares for a blob that is not there: tells how many of its first bytes an earlier copy left
  /// behind, that was cut. The next [#put] of the blob, which must come, gets those after them.
  default long resume(Reference.Repository in, Descriptor blob) throws IOException {
    return 0;
  }

  /// Stores a blob, whole or not at all.
  ///
  /// @throws io.djong.model.Fault.Invalid if the bytes are not those of the descriptor
  void put(Reference.Repository in, Descriptor blob, InputStream bytes) throws IOException;

  /// Makes an image whose blobs are all there visible under a name.
  void publish(Reference name, Document<Manifest> manifest) throws IOException;
}
