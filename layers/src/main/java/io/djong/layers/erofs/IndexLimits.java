package io.djong.layers.erofs;

import io.djong.model.Fault;
import io.djong.model.RawPath;

/// What the tree of one layer may take of the memory. For one thread.
final class IndexLimits {
  /// Names in one layer.
  static final long NAMES = 1_200_000;

  /// Bytes of links, attributes and sparse maps in one layer.
  static final long BYTES = 64L << 20;

  private long names;
  private long bytes;

  void count(RawPath subject) {
    if (++names > NAMES) {
      throw tooMuch(subject, NAMES + " files");
    }
  }

  void charge(RawPath subject, long more) {
    bytes += more;
    if (bytes > BYTES) {
      throw tooMuch(subject, (BYTES >> 20) + " MiB of links, attributes and sparse maps");
    }
  }

  private static Fault.Invalid tooMuch(RawPath subject, String limit) {
    return new Fault.Invalid(
        "refused to unpack \""
            + subject
            + "\": more than "
            + limit
            + " in one layer; the storage driver overlay2 takes such a layer");
  }
}
