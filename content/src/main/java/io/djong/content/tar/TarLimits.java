package io.djong.content.tar;

/// How much a single archive may ask of us. What is beyond is refused as
/// [io.djong.model.Fault.Invalid].
///
/// @param entries headers in one archive
/// @param nameLength bytes of a name or link target, as the kernel's own limit for paths
/// @param headerBytes of one extended header or one sparse map
/// @param sparseSize bytes that a sparse file may claim to be long
public record TarLimits(long entries, int nameLength, int headerBytes, long sparseSize) {
  /// What fits every image seen in the wild, with room.
  public static final TarLimits DEFAULT = new TarLimits(5_000_000, 4096, 1 << 20, 1L << 40);
}
