package io.djong.content;

import io.djong.model.Descriptor;
import io.djong.model.Platform;
import java.util.Comparator;
import java.util.List;

/// Which images of an index are wanted.
public sealed interface PlatformChoice {
  /// All of them, and the index itself.
  PlatformChoice ALL = new All();

  /// The one that runs best on a platform, without the index.
  static PlatformChoice only(Platform platform) {
    return new Only(platform);
  }

  /// See [PlatformChoice#ALL].
  record All() implements PlatformChoice {}

  /// See [PlatformChoice#only].
  record Only(Platform platform) implements PlatformChoice {
    private static final int NEVER = Integer.MAX_VALUE;
    private static final int UNKNOWN = 100;

    /// What of an index can run on the platform, the best first: the very variant, then older ones,
    /// then what says of itself for no platform that it is.
    public List<Descriptor> candidates(List<Descriptor> manifests) {
      return manifests.stream()
          .filter(manifest -> rank(manifest) != NEVER)
          .sorted(Comparator.comparingInt(this::rank))
          .toList();
    }

    private int rank(Descriptor manifest) {
      Platform offered = manifest.platform();
      if (offered == null) {
        return UNKNOWN;
      }
      if (!offered.os().equals(platform.os())
          || !offered.architecture().equals(platform.architecture())) {
        return NEVER;
      }
      int behind = variant(platform) - variant(offered);
      return behind < 0 ? NEVER : behind;
    }

    /// The number of the variant `vN`; where none is said, the one that the architecture's name
    /// alone means (containerd's `platforms` package).
    private static int variant(Platform platform) {
      String variant = platform.variant();
      if (variant != null && variant.length() == 2 && variant.charAt(0) == 'v') {
        int number = Character.digit(variant.charAt(1), 10);
        if (number >= 0) {
          return number;
        }
      }
      return switch (platform.architecture()) {
        case "arm64" -> 8;
        case "arm" -> 7;
        default -> 1;
      };
    }
  }
}
