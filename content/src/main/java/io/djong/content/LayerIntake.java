package io.djong.content;

import io.djong.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Takes in the layers of arriving images while their bytes stream by: each once, in any order and
/// side by side, before the image is known as a whole. The exact bytes of what was taken in can be
/// had again from where it went, so a plain layer needs no blob. Belongs to one arrival; what
/// nobody made an image of by its end is dropped. Safe for use by several threads.
public interface LayerIntake {
  /// Sees to it that a layer that is here stays until this is closed.
  ///
  /// @param diffId the digest of its uncompressed bytes
  /// @return false if it is not here and must be brought
  boolean hold(Digest diffId) throws IOException;

  /// The layer (its diffID) that is known to come out of a blob; null if nobody knows.
  @Nullable Digest layerOf(Digest blob);

  /// Takes in a layer.
  ///
  /// @param layerTar the uncompressed bytes; read to their end, not closed
  /// @return its sha256
  /// @throws io.djong.model.Fault.Invalid if it is not what a layer must be
  Digest take(InputStream layerTar) throws IOException;

  /// Takes in a layer of which the digest is known.
  ///
  /// @throws io.djong.model.Fault.Invalid if the bytes have another digest, or are not what a layer
  ///   must be
  void take(InputStream layerTar, Digest diffId) throws IOException;
}
