package io.djong.http;

import io.djong.http.HttpServer.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A server on a unix socket and a TCP port of its own, for one test.
final class ServerFixture implements AutoCloseable {
  final Path socket;
  final HttpServer server;
  final HttpClient client;
  private final Path folder;

  ServerFixture(HttpHandler handler) throws IOException {
    this(handler, Limits.DEFAULT);
  }

  ServerFixture(HttpHandler handler, Limits limits) throws IOException {
    // A socket's path has room for 107 bytes: the build's own folder may be deeper.
    folder = Files.createTempDirectory(Path.of("/tmp"), "http");
    socket = folder.resolve("sock");
    server =
        HttpServer.start(
            List.of(
                new Listen.Unix(socket, 0600),
                new Listen.Tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
            handler,
            limits);
    client = HttpClient.of("unix://" + socket);
  }

  /// The address of the TCP port.
  String tcp() {
    for (Listen listen : server.listening()) {
      if (listen instanceof Listen.Tcp(InetSocketAddress address)) {
        return "tcp://127.0.0.1:" + address.getPort();
      }
    }
    throw new IllegalStateException("no TCP port");
  }

  RawClient raw() throws IOException {
    return new RawClient(socket);
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
    Files.delete(folder);
  }
}
