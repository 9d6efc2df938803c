package io.djong.registry.server;

import io.djong.http.HttpResponse;
import java.io.IOException;

/// A blob that is open for sending. For one thread; must be closed. Deleting the blob meanwhile
/// does not take its bytes away.
public interface StoredBlob extends AutoCloseable {
  /// In bytes.
  long size();

  /// Sends these bytes as the answer's body.
  void send(HttpResponse response, long position, long count) throws IOException;

  @Override
  void close() throws IOException;
}
