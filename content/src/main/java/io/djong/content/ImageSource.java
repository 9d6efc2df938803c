package io.djong.content;

import io.djong.model.Descriptor;
import io.djong.model.Document;
import io.djong.model.Manifest;
import io.djong.model.Reference;
import java.io.IOException;
import java.io.InputStream;

/// Where images come from: the local store, an archive, a registry.
public interface ImageSource {
  /// @throws io.djong.model.Fault.NotFound if the source has no such image
  Document<Manifest> resolve(Reference reference) throws IOException;

  /// Opens a blob of an image. The bytes are not to be trusted: read them through [VerifiedInput].
  InputStream open(Reference.Repository from, Descriptor blob) throws IOException;

  /// The same from one of the blob's bytes on.
  default InputStream open(Reference.Repository from, Descriptor blob, long position)
      throws IOException {
    InputStream bytes = open(from, blob);
    boolean kept = false;
    try {
      bytes.skipNBytes(position);
      kept = true;
      return bytes;
    } finally {
      if (!kept) {
        bytes.close();
      }
    }
  }
}
