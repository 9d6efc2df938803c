package io.djong.layers.overlay;

import io.djong.linux.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What to tell the kernel so that it shows a stack. The target is left open.
final class OverlayMounts {
  private static final Path ANYWHERE = Path.of("");

  private OverlayMounts() {}

  /// @param lower from the top
  /// @param more options that the layers want, and the tree
  static List<Mount> writable(List<Path> lower, Path upper, Path work, List<String> more) {
    if (lower.isEmpty()) {
      return List.of(new Mount("bind", upper.toString(), ANYWHERE, List.of("bind")));
    }
    List<String> options = new ArrayList<>();
    options.add(lowerdir(lower));
    options.add("upperdir=" + escape(upper));
    options.add("workdir=" + escape(work));
    options.addAll(more);
    return List.of(new Mount("overlay", "overlay", ANYWHERE, with(options)));
  }

  /// @param lower from the top, at least one
  /// @param more options that the layers want
  static List<Mount> readOnly(List<Path> lower, List<String> more) {
    // Overlayfs wants two layers if none can be written.
    if (lower.size() == 1) {
      String only = lower.getFirst().toString();
      return List.of(new Mount("bind", only, ANYWHERE, List.of("bind", "ro")));
    }
    List<String> options = new ArrayList<>();
    options.add("ro");
    options.add(lowerdir(lower));
    options.addAll(more);
    return List.of(new Mount("overlay", "overlay", ANYWHERE, with(options)));
  }

  private static String lowerdir(List<Path> lower) {
    return "lowerdir=" + lower.stream().map(OverlayMounts::escape).collect(Collectors.joining(":"));
  }

  /// The upper folder must be a complete account of what changed, and be of use to other mounts;
  /// both end where the kernel was built with other defaults for these.
  private static List<String> with(List<String> options) {
    options.addAll(List.of("index=off", "redirect_dir=off", "metacopy=off"));
    return options;
  }

  private static String escape(Path folder) {
    return folder.toString().replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,");
  }
}
