package io.djong.http;

/// Serves HTTP/1.1 on unix and TCP sockets. Safe for use by several threads.
public interface HttpServer extends AutoCloseable {
  /// Stops to accept, waits for running answers at most this long, then ends all connections.
  void stop(java.time.Duration patience);

  @Override
  default void close() {
    stop(java.time.Duration.ZERO);
  }

  /// What one client may take. Header sizes are in bytes; an idle connection without a running
  /// request is ended after `idle`; a request's head must come within `head`.
  record Limits(int requestLine, int headers, java.time.Duration idle, java.time.Duration head) {
    public static final Limits DEFAULT =
        new Limits(
            16 << 10, 64 << 10, java.time.Duration.ofMinutes(5), java.time.Duration.ofSeconds(30));
  }
}
