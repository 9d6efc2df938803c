package io.djong.registry.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.http.HttpClient;
import io.djong.http.Listen;
import io.djong.model.Digest;
import io.djong.model.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A registry on a port and a folder of its own, for one test, and a client of it.
public final class ServedRegistry implements AutoCloseable {
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String INDEX = "application/vnd.oci.image.index.v1+json";

  final Path root;
  private final String config;
  private final Opening opening;
  RegistryStorage storage;
  RegistryServer server;
  private HttpClient client;
  private Map<String, String> always = Map.of();

  /// An answer that was read whole.
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  record Answer(int status, byte[] body, Map<String, String> headers) {
    String text() {
      return new String(body, UTF_8);
    }

    @Nullable String header(String name) {
      return headers.get(name);
    }
  }

  private static final List<String> HEADERS =
      List.of(
          "Location",
          "Range",
          "Content-Range",
          "Content-Length",
          "Content-Type",
          "Docker-Content-Digest",
          "Docker-Upload-UUID",
          "Docker-Distribution-Api-Version",
          "OCI-Subject",
          "OCI-Filters-Applied",
          "Link",
          "Allow",
          "WWW-Authenticate",
          "Retry-After",
          "ETag");

  /// Where it keeps what it has.
  @FunctionalInterface
  public interface Opening {
    RegistryStorage open(Path root) throws IOException;
  }

  ServedRegistry(Path root, String config) throws IOException {
    this(root, config, folder -> FolderStorage.open(folder, Duration.ofDays(1)));
  }

  public ServedRegistry(Path root, String config, Opening opening) throws IOException {
    this.root = root;
    this.config = config;
    this.opening = opening;
    Files.createDirectories(root);
    storage = opening.open(root);
    server = start();
    client = HttpClient.of("tcp://" + host());
  }

  ServedRegistry(Path root) throws IOException {
    this(root, "{}");
  }

  private RegistryServer start() throws IOException {
    Path file = root.resolve("config.json");
    Files.writeString(file, config);
    return RegistryServer.start(
        ServerSettingsReader.read(
            List.of(
                "--root", root.toString(), "--listen", "127.0.0.1:0", "--config", file.toString())),
        storage);
  }

  void restart() throws IOException {
    client.close();
    server.close();
    storage.close();
    storage = opening.open(root);
    server = start();
    client = HttpClient.of("tcp://" + host());
  }

  String host() {
    for (Listen listen : server.listening()) {
      if (listen instanceof Listen.Tcp(InetSocketAddress address)) {
        return "127.0.0.1:" + address.getPort();
      }
    }
    throw new IllegalStateException("no port");
  }

  void always(Map<String, String> headers) {
    always = headers;
  }

  Answer send(String method, String target, Map<String, String> headers, byte @Nullable [] body)
      throws IOException {
    Map<String, String> all = new HashMap<>(always);
    all.putAll(headers);
    try (HttpClient.Exchange exchange =
        client.send(
            method,
            target,
            all,
            body == null ? null : new ByteArrayInputStream(body),
            body == null ? 0 : body.length)) {
      Map<String, String> found = new HashMap<>();
      for (String name : HEADERS) {
        String value = exchange.header(name);
        if (value != null) {
          found.put(name, value);
        }
      }
      byte[] read = method.equals("HEAD") ? new byte[0] : exchange.body().readAllBytes();
      return new Answer(exchange.status(), read, found);
    }
  }

  Answer get(String target) throws IOException {
    return send("GET", target, Map.of(), null);
  }

  Answer head(String target) throws IOException {
    return send("HEAD", target, Map.of(), null);
  }

  Answer delete(String target) throws IOException {
    return send("DELETE", target, Map.of(), null);
  }

  Answer post(String target) throws IOException {
    return send("POST", target, Map.of(), new byte[0]);
  }

  /// Pushes a blob in one request.
  Digest blob(String repository, String content) throws IOException {
    byte[] bytes = content.getBytes(UTF_8);
    Digest digest = Digest.of(bytes);
    Answer answer =
        send("POST", "/v2/" + repository + "/blobs/uploads/?digest=" + digest, Map.of(), bytes);
    if (answer.status() != 201) {
      throw new IOException("pushing a blob: " + answer.status() + " " + answer.text());
    }
    return digest;
  }

  static byte[] image(Digest config, long configSize, Digest layer, long size, String more) {
    return ("{\"schemaVersion\":2,\"mediaType\":\""
            + MANIFEST
            + "\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
            + config
            + "\",\"size\":"
            + configSize
            + "},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\","
            + "\"digest\":\""
            + layer
            + "\",\"size\":"
            + size
            + "}]"
            + more
            + "}")
        .getBytes(UTF_8);
  }

  Answer put(String repository, String reference, byte[] manifest) throws IOException {
    return send(
        "PUT",
        "/v2/" + repository + "/manifests/" + reference,
        Map.of("Content-Type", MANIFEST),
        manifest);
  }

  /// Pushes an image of one layer; its manifest's digest.
  Digest image(String repository, String tag, String layer) throws IOException {
    Digest config = blob(repository, "{}");
    byte[] manifest = image(config, 2, blob(repository, layer), layer.length(), "");
    Answer answer = put(repository, tag, manifest);
    if (answer.status() != 201) {
      throw new IOException("pushing a manifest: " + answer.status() + " " + answer.text());
    }
    return Digest.of(manifest);
  }

  /// The code of the one error in a refusal's body.
  static String code(Answer answer) {
    if (Json.lean().readTree(answer.body()) instanceof Map<?, ?> body
        && body.get("errors") instanceof List<?> errors
        && errors.getFirst() instanceof Map<?, ?> error) {
      return String.valueOf(error.get("code"));
    }
    return "none: " + answer.text();
  }

  static List<String> texts(Answer answer, String key) {
    List<String> texts = new ArrayList<>();
    if (Json.lean().readTree(answer.body()) instanceof Map<?, ?> body
        && body.get(key) instanceof List<?> list) {
      list.forEach(each -> texts.add(String.valueOf(each)));
    }
    return texts;
  }

  @Override
  public void close() {
    client.close();
    server.close();
    try {
      storage.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
