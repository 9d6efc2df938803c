package io.djong.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Two ways of bytes that end one by one. One thread may read while another writes.
public interface RawStream extends AutoCloseable {
  /// At its end once the other side has shut down its output.
  InputStream input();

  /// Blocks while the other side does not read. A flush sends what was written.
  OutputStream output();

  /// Ends our output; input goes on.
  void shutdownOutput() throws IOException;

  /// Ends both ways at once; a blocked read or write throws.
  @Override
  void close() throws IOException;
}
