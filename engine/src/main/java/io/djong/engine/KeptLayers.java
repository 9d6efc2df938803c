package io.djong.engine;

import io.djong.model.Digest;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/// Somebody besides images who needs layers: the cache of the builder. What is named here is
/// neither removed with an image nor swept.
@FunctionalInterface
public interface KeptLayers {
  KeptLayers NONE = List::of;

  /// Stacks of diffIDs, each from the base upwards.
  Collection<List<Digest>> stacks() throws IOException;
}
