package io.djong.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// Says to a server exactly what a test wants, well formed or not.
final class RawClient implements AutoCloseable {
  private final SocketChannel channel;
  private final InputStream in;

  RawClient(Path socket) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    in = Channels.newInputStream(channel);
  }

  /// Writes the text with its line ends made CR LF.
  RawClient say(String text) throws IOException {
    return sayExactly(text.replace("\n", "\r\n"));
  }

  RawClient sayExactly(String bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes.getBytes(ISO_8859_1));
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    return this;
  }

  RawClient endOutput() throws IOException {
    channel.shutdownOutput();
    return this;
  }

  /// Everything until the server closes.
  String readAll() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  /// Up to the empty line.
  String readHead() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int one = in.read();
      if (one < 0) {
        break;
      }
      head.write(one);
    }
    return head.toString(ISO_8859_1);
  }

  String read(int count) throws IOException {
    return new String(in.readNBytes(count), ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
