package io.djong.runtime;

import java.nio.file.Path;

/// How a container's streams are connected.
///
/// @param terminal a pseudo-terminal; stdout and stderr are one stream then
/// @param stdin whether stdin stays open for attachments; otherwise it is at its end
/// @param stdinOnce whether stdin ends with the first attachment that ends
/// @param log where output is kept; the folder exists
/// @param limits how much of it
public record Stdio(
    boolean terminal, boolean stdin, boolean stdinOnce, Path log, LogLimits limits) {

  /// Rotation: a file holds at most `maxBytes`, `maxFiles` files are kept. `discard` keeps nothing.
  public record LogLimits(long maxBytes, int maxFiles, boolean discard) {
    /// 20 MiB, five files.
    public static final LogLimits DEFAULT = new LogLimits(20L << 20, 5, false);
  }
}
