package io.djong.http.netty;

import io.djong.http.RawStream;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// The raw stream of a connection that left HTTP behind.
final class ConnectionStream implements RawStream, BufferedOutput.Sink {
  private final Connection connection;
  private final Inbound input;
  private final BufferedOutput output;

  ConnectionStream(Connection connection, Inbound input) {
    this.connection = connection;
    this.input = input;
    this.output = new BufferedOutput(connection.allocator(), this, true);
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
    output.close();
  }

  @Override
  public void close() throws IOException {
    input.fail(new IOException("the stream is closed"));
    try {
      if (!output.finish()) {
        connection.outbound().fail(new IOException("the stream is closed"));
      }
    } finally {
      connection.finish();
    }
  }

  @Override
  public void awaitRoom() throws IOException {
    connection.outbound().awaitRoom();
  }

  @Override
  public void send(ByteBuf bytes) throws IOException {
    connection.outbound().send(bytes);
  }

  @Override
  public void end() {
    connection.shutdownOutput();
  }
}
