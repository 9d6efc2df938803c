package io.djong.network;

import java.io.IOException;

/// Answers the DNS queries of containers at 127.0.0.11, port 53, of their own network namespace.
/// Safe for use by several threads.
public interface NameServer {
  /// Serves a sandbox from now on; once this returns, queries are answered. Idempotent.
  void serve(Sandbox sandbox, Names names) throws IOException;

  /// Idempotent. What is being answered may still be.
  void stop(String sandboxKey);
}
