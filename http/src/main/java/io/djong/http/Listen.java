package io.djong.http;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/// Where a server listens.
public sealed interface Listen {
  /// A socket file with this mode (`0660`), never more open than that at any moment. A stale one is
  /// replaced. Its folder is made if missing; the path may have about 90 bytes.
  record Unix(Path path, int mode) implements Listen {}

  record Tcp(InetSocketAddress address) implements Listen {}

  /// A unix socket that this process was started with and that listens already; its file is
  /// somebody else's to make and to remove. It must not block (`O_NONBLOCK`).
  ///
  /// @param descriptor its number
  record Inherited(int descriptor) implements Listen {}

  /// TCP with TLS 1.2 or 1.3.
  record Tls(InetSocketAddress address, TlsFiles files) implements Listen {}
}
