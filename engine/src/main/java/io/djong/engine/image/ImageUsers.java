package io.djong.engine.image;

import io.djong.model.Digest;
import java.util.List;

/// Tells which containers were made from an image.
@FunctionalInterface
public interface ImageUsers {
  List<User> of(Digest image);

  /// @param id the container's
  record User(String id, boolean running) {}
}
