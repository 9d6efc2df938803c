package io.djong.http;

import io.djong.http.socket.SocketHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sends requests to one server. Safe for use by several threads.
public interface HttpClient extends AutoCloseable {
  /// A client for the server at `unix:///PATH` or `tcp://HOST:PORT`. Nothing is connected yet.
  ///
  /// @throws io.djong.model.Fault.Invalid if the address is neither
  static HttpClient of(String address) {
    return SocketHttpClient.of(address);
  }

  /// A client for a server of the web, `http://HOST[:PORT]` or `https://HOST[:PORT]`; the rest of
  /// the address does not matter. Nothing is connected yet. A connection that was used a moment ago
  /// is used again whatever is asked, so a request that was not answered may be sent anew by
  /// whoever knows that it may.
  ///
  /// @throws io.djong.model.Fault.Invalid if the address is neither
  static HttpClient of(URI server, Transport transport) throws IOException {
    return SocketHttpClient.of(server, transport);
  }

  /// Sends a request; returns when status and headers are there.
  ///
  /// @param body null for none; of `length` bytes, or chunked where that is -1. What it throws ends
  ///   the connection, so that the server does not take a part for the whole, and is thrown on
  Exchange send(
      String method,
      String target,
      Map<String, String> headers,
      @Nullable InputStream body,
      long length)
      throws IOException;

  /// Sends a request with `Connection: Upgrade`; returns the raw stream that follows a 101 or a
  /// 200.
  ///
  /// @throws UpgradeRefused with the answer if it was another one
  Upgraded upgrade(
      String method, String target, Map<String, String> headers, byte[] body, String protocol)
      throws IOException;

  @Override
  void close();

  /// An answer. Must be closed.
  interface Exchange extends AutoCloseable {
    int status();

    /// The first value of a header, whatever the case of its name.
    @Nullable String header(String name);

    /// All values of a header, one for each line it came in.
    List<String> headers(String name);

    InputStream body() throws IOException;

    @Override
    void close() throws IOException;
  }

  /// The raw stream, and the header lines before it.
  record Upgraded(int status, Map<String, String> headers, RawStream stream) {}

  /// The server answered something else.
  final class UpgradeRefused extends IOException {
    private final int status;
    private final byte[] body;

    public UpgradeRefused(int status, byte[] body) {
      super("the server refused the upgrade with status " + status);
      this.status = status;
      this.body = body.clone();
    }

    public int status() {
      return status;
    }

    public byte[] body() {
      return body.clone();
    }
  }
}
