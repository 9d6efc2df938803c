package io.djong.daemon.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.api.EngineClient;
import io.djong.http.HttpClient;
import io.djong.http.HttpServer;
import io.djong.http.Listen;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The routes over a fake engine, on a socket of their own.
final class ServedRoutes implements AutoCloseable {
  final FakeEngine engine = new FakeEngine();
  final String address;
  final HttpClient http;
  final EngineClient client;
  private final HttpServer server;
  private final Routes routes;
  private final Path folder;

  ServedRoutes() throws IOException {
    folder = Files.createTempDirectory(Path.of("/tmp"), "djong-routes");
    Path socket = folder.resolve("s");
    address = "unix://" + socket;
    routes = new Routes(engine, new FakeBuilder(), new Product("djong", "0.1.0", "", ""));
    server =
        HttpServer.start(List.of(new Listen.Unix(socket, 0600)), routes, HttpServer.Limits.DEFAULT);
    http = HttpClient.of(address);
    client = new EngineClient(HttpClient.of(address));
  }

  Routes routes() {
    return routes;
  }

  record Answer(int status, String body, @Nullable String type) {}

  Answer ask(String method, String target) throws IOException {
    return ask(method, target, Map.of(), null);
  }

  Answer post(String target, String json) throws IOException {
    return ask("POST", target, Map.of("Content-Type", "application/json"), json);
  }

  Answer ask(String method, String target, Map<String, String> headers, @Nullable String body)
      throws IOException {
    byte[] bytes = body == null ? null : body.getBytes(UTF_8);
    try (HttpClient.Exchange exchange =
        http.send(
            method,
            target,
            headers,
            bytes == null ? null : new ByteArrayInputStream(bytes),
            bytes == null ? 0 : bytes.length)) {
      String text = new String(exchange.body().readAllBytes(), UTF_8);
      return new Answer(exchange.status(), text.strip(), exchange.header("Content-Type"));
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    http.close();
    server.close();
    Files.deleteIfExists(folder.resolve("s"));
    Files.delete(folder);
  }
}
