package io.djong.http.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/// The bytes of one connection, both ways, whatever they go over.
interface Wire extends AutoCloseable {
  InputStream input();

  OutputStream output();

  void shutdownOutput() throws IOException;

  @Override
  void close() throws IOException;

  /// A plain socket without limits of time.
  static Wire of(SocketChannel channel) {
    return new Channel(
        channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
  }

  /// See [#of(SocketChannel)].
  record Channel(SocketChannel channel, InputStream input, OutputStream output) implements Wire {
    @Override
    public void shutdownOutput() throws IOException {
      channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /// Makes the connections to one server.
  @FunctionalInterface
  interface Dialer {
    Wire dial() throws IOException;
  }
}
