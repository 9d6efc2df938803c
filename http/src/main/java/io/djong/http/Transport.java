package io.djong.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a client reaches one server of the web.
///
/// @param trust for `https`; null trusts what the system trusts
/// @param proxy what connections go through; null for none
/// @param connect how long making a connection may take, at each of the server's addresses
/// @param idle how long nothing may be heard, and nothing may be taken, while something is awaited.
///   The whole may take any time
public record Transport(
    @Nullable Trust trust, @Nullable Proxy proxy, Duration connect, Duration idle) {
  public static final Transport DEFAULT =
      new Transport(null, null, Duration.ofSeconds(15), Duration.ofSeconds(60));

  /// An HTTP proxy.
  ///
  /// @param authorization the value of `Proxy-Authorization`; a secret
  public record Proxy(String host, int port, @Nullable String authorization) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  public Transport with(@Nullable Trust other) {
    return new Transport(other, proxy, connect, idle);
  }

  public Transport through(@Nullable Proxy other) {
    return new Transport(trust, other, connect, idle);
  }
}
