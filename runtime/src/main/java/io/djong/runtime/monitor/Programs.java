package io.djong.runtime.monitor;

import java.nio.file.Path;

/// The programs that make containers.
///
/// @param conmon the monitor, 2.1 or newer
/// @param runtime runc or crun
public record Programs(Path conmon, Path runtime) {
  /// Where Debian puts them.
  public static final Programs DEFAULT =
      new Programs(Path.of("/usr/bin/conmon"), Path.of("/usr/sbin/runc"));

  /// Whether the runtime waits for the start at a fifo named `exec.fifo` in its state, as runc
  /// does.
  boolean startsByFifo() {
    return runtime.endsWith("runc");
  }
}
