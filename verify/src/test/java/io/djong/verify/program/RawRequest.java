package io.djong.verify.program;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// A connection to the daemon's socket that says exactly what a test wants.
final class RawRequest implements AutoCloseable {
  private final SocketChannel channel;
  private final InputStream in;

  RawRequest(LiveDaemon daemon) throws IOException {
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(
        UnixDomainSocketAddress.of(Path.of(daemon.host().substring("unix://".length()))));
    in = Channels.newInputStream(channel);
  }

  /// One request with a JSON body, on a connection of its own.
  ///
  /// @return the status, a blank, and the body
  static String ask(LiveDaemon daemon, String method, String path, String json) throws IOException {
    try (RawRequest request = new RawRequest(daemon)) {
      int length = json.getBytes(ISO_8859_1).length;
      request.say(
          method
              + " "
              + path
              + " HTTP/1.1\r\nHost: djong\r\nConnection: close\r\nContent-Type: application/json\r\n"
              + "Content-Length: "
              + length
              + "\r\n\r\n"
              + json);
      String answer = request.readAll();
      return answer.substring(9, 12) + " " + answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
  }

  void say(String bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes.getBytes(ISO_8859_1));
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
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

  String readAll() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
