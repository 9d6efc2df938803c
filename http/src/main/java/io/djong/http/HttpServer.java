package io.djong.http;

import io.djong.http.netty.NettyHttpServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Serves HTTP/1.1 on unix and TCP sockets. Safe for use by several threads.
public interface HttpServer extends AutoCloseable {
  /// Listens at all of these places before it returns, or at none.
  ///
  /// @throws io.djong.model.Fault.Conflict if another server has one of the socket files
  /// @throws IOException if the system does not let it listen
  static HttpServer start(List<Listen> where, HttpHandler handler, Limits limits)
      throws IOException {
    return NettyHttpServer.start(where, handler, limits);
  }

  /// Where it listens, a TCP port 0 replaced by the one the system chose.
  List<Listen> listening();

  /// Stops to accept and removes the socket files that are still its own, ends idle connections,
  /// waits for running answers at most this long, then ends all connections. Idempotent.
  void stop(Duration patience);

  @Override
  default void close() {
    stop(Duration.ZERO);
  }

  /// What one client may take. Sizes are in bytes: a longer request line is answered 414, larger
  /// headers together 431. A request's head must come within `head` (408), and a connection without
  /// a request is ended after `idle`; so is one whose client does not take the rest of an answer
  /// that is over. Of a body that is being read something must come within `body`, or reading it
  /// throws and the connection ends; zero waits for ever.
  record Limits(int requestLine, int headers, Duration idle, Duration head, Duration body) {
    public Limits(int requestLine, int headers, Duration idle, Duration head) {
      this(requestLine, headers, idle, head, Duration.ZERO);
    }

    public static final Limits DEFAULT =
        new Limits(16 << 10, 64 << 10, Duration.ofMinutes(5), Duration.ofSeconds(30));
  }
}
