package io.djong.runtime;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How a container's streams are connected.
///
/// @param terminal a pseudo-terminal; stdout and stderr are one stream then
/// @param stdin whether stdin stays open for attachments; otherwise it is at its end
/// @param stdinOnce whether stdin ends with the first attachment that ends
/// @param log where output is kept; the folder exists
/// @param limits how much of it
/// @param owner whom the pipes are given to; null if the runtime sees to that, as it can where
///   there is no user namespace
public record Stdio(
    boolean terminal,
    boolean stdin,
    boolean stdinOnce,
    Path log,
    LogLimits limits,
    @Nullable Owner owner) {
  /// Streams of a process without a user namespace.
  public Stdio(boolean terminal, boolean stdin, boolean stdinOnce, Path log, LogLimits limits) {
    this(terminal, stdin, stdinOnce, log, limits, null);
  }

  /// The same, given to a process of a user namespace.
  public Stdio ownedBy(@Nullable Owner newOwner) {
    return new Stdio(terminal, stdin, stdinOnce, log, limits, newOwner);
  }

  /// Ids of the host.
  public record Owner(int uid, int gid) {}

  /// How much of a log is kept, and where else it goes.
  ///
  /// @param maxBytes a file holds about this much before the next one is begun
  /// @param maxFiles how many files are kept
  /// @param compress whether those that are full are packed with gzip
  /// @param journal whether the system's journal gets each line as well
  /// @param discard nothing is kept
  public record LogLimits(
      long maxBytes, int maxFiles, boolean compress, boolean journal, boolean discard) {
    /// 20 MiB, five files.
    public static final LogLimits DEFAULT = kept(20L << 20, 5);

    /// Nothing.
    public static final LogLimits NONE = new LogLimits(0, 0, false, false, true);

    /// So much, as it is written.
    public static LogLimits kept(long maxBytes, int maxFiles) {
      return new LogLimits(maxBytes, maxFiles, false, false, false);
    }
  }
}
