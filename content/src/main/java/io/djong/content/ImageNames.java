package io.djong.content;

import io.djong.model.Descriptor;
import io.djong.model.Reference;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The names of images: each points at a manifest or index in the blob store. A change is durable
/// when the call returns; readers see the old or the new. Safe for use by several threads.
public interface ImageNames {
  @Nullable Descriptor get(Reference name) throws IOException;

  /// @return what the name meant before, or null
  @Nullable Descriptor put(Reference name, Descriptor manifest) throws IOException;

  /// @return whether the name was there
  boolean delete(Reference name) throws IOException;

  /// All names, in the order of their texts.
  List<Named> list() throws IOException;

  record Named(Reference name, Descriptor manifest) {}
}
