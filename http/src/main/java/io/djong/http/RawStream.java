package io.djong.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Two ways of bytes that end one by one. One thread may read while another writes.
public interface RawStream extends AutoCloseable {
  /// At its end once the other side has shut down its output.
  InputStream input();

  /// Writes are sent at once, and block while the other side does not read.
  OutputStream output();

  /// Ends our output; input goes on.
  void shutdownOutput() throws IOException;

  /// Ends both ways; a blocked read or write throws. What was written before still reaches the
  /// other side if it reads on. Does not wait for that.
  @Override
  void close() throws IOException;
}
