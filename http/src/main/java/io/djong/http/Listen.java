package io.djong.http;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/// Where a server listens.
public sealed interface Listen {
  /// A socket file, made with this mode (`0660`) by umask, so that it is never more open than that;
  /// a stale one is replaced.
  record Unix(Path path, int mode) implements Listen {}

  record Tcp(InetSocketAddress address) implements Listen {}
}
