package io.djong.layers;

import org.jspecify.annotations.Nullable;

/// Something that is not as it should be.
///
/// @param layer null if it belongs to none
/// @param text what was found where, for people
public record Damage(Kind kind, @Nullable ChainId layer, String text) {
  /// Where it lies. A layer is repaired, a leftover goes at the next start.
  public enum Kind {
    /// The layer's content is missing or is not what it was.
    CONTENT,

    /// The content is right; what was made of it to mount it is not.
    INDEX,

    /// What is known of a layer or tree beside its files contradicts itself or others.
    RECORD,

    /// Belongs to nothing.
    LEFTOVER
  }
}
