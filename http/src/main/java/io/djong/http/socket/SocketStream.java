package io.djong.http.socket;

import io.djong.http.RawStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// The raw stream after an upgrade. Writes go to the socket at once.
final class SocketStream implements RawStream {
  private final Connection connection;
  private final InputStream input;
  private final OutputStream output;

  SocketStream(Connection connection) {
    this.connection = connection;
    this.input = connection.unframed();
    this.output = connection.unframedOutput();
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public void shutdownOutput() throws IOException {
    connection.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
