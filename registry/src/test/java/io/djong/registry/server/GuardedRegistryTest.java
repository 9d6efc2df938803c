package io.djong.registry.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.http.HttpServer;
import io.djong.http.Listen;
import io.djong.http.TlsFiles;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.registry.Credentials;
import io.djong.registry.RegistrySettings;
import io.djong.registry.client.RegistryClient;
import io.djong.registry.server.ServedRegistry.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry among many clients, and with certificates on both sides.
class GuardedRegistryTest {
  private static final int MANY = 2000;

  @TempDir Path folder = Path.of("");

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void twoThousandHalfSentRequestsCostLittleAndStopNobody() throws IOException {
    List<Socket> half = new ArrayList<>();
    try (ServedRegistry registry = new ServedRegistry(folder)) {
      Digest image = registry.image("app", "v1", "layer");
      int port = Integer.parseInt(registry.host().substring(registry.host().indexOf(':') + 1));
      long before = used(); // A bound, not a measurement: many times what it needs.
      for (int i = 0; i < MANY; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        half.add(socket);
        String upload = "POST /v2/app/blobs/uploads/?digest=" + image + " HTTP/1.1\r\nHost: x\r\n";
        // Of ten, one stops in the middle of a blob.
        String said = upload + (i % 10 == 0 ? "Content-Length: 1000000\r\n\r\nhalf" : "X-Sl");
        socket.getOutputStream().write(said.getBytes(US_ASCII));
      }

      assertThat(Digest.of(registry.get("/v2/app/manifests/v1").body())).isEqualTo(image);
      assertThat(registry.image("other", "v1", "cargo")).isNotNull();
      assertThat(used() - before).isLessThan((64 << 10) * (long) MANY);
      close(half); // Before the server, which would wait for what is under way.
    } finally {
      close(half);
    }
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void whoAsksTooOftenIsToldToWait() throws IOException {
    try (ServedRegistry registry =
        new ServedRegistry(folder, "{\"limits\":{\"requests-per-second\":1}}")) {
      List<Integer> statuses = new ArrayList<>();
      Answer last = registry.get("/v2/");
      for (int i = 0; i < 200 && last.status() == 200; i++) {
        statuses.add(last.status());
        last = registry.get("/v2/");
      }

      assertThat(statuses).hasSizeGreaterThanOrEqualTo(10);
      assertThat(last.status()).isEqualTo(429);
      assertThat(ServedRegistry.code(last)).isEqualTo("TOOMANYREQUESTS");
      assertThat(last.header("Retry-After")).isEqualTo("1");
      assertThat(registry.get("/healthz").status()).isEqualTo(200); // Whoever watches over it.
    }
  }

  @Test
  void anEventGoesOverTlsToWhomTheAuthoritiesVouchForAlone() throws Exception {
    authority("ca");
    certificate("server", "ca", "subjectAltName=IP:127.0.0.1");
    authority("other");
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    HttpServer hook =
        HttpServer.start(
            List.of(tls(null)),
            (request, response) -> {
              events.add(new String(request.body().readAllBytes(), UTF_8));
              response.send(new byte[0]);
            },
            HttpServer.Limits.DEFAULT);
    String config =
        "{\"webhooks\":[{\"url\":\"https://127.0.0.1:%d/hook\",\"authorities\":\"%s\"}]}";
    try {
      String wrong = config.formatted(port(hook), folder.resolve("other.pem"));
      try (ServedRegistry registry = new ServedRegistry(folder.resolve("one"), wrong)) {
        registry.image("app", "v1", "layer");
      }
      assertThat(events).isEmpty();
      String right = config.formatted(port(hook), folder.resolve("ca.pem"));
      try (ServedRegistry registry = new ServedRegistry(folder.resolve("two"), right)) {
        registry.image("app", "v1", "layer");

        assertThat(events.poll(30, TimeUnit.SECONDS)).contains("\"push\"", "\"app\"", "\"v1\"");
      }
    } finally {
      hook.stop(Duration.ZERO);
    }
  }

  @Test
  void aClientProvesItselfWithTheCertificateOfItsFolder() throws Exception {
    authority("ca");
    certificate("server", "ca", "subjectAltName=IP:127.0.0.1");
    certificate("mate", "ca", "subjectAltName=DNS:mate");
    String config =
        """
        {"tls": {"certificate": "%1$s/server.pem", "key": "%1$s/server.key",
                 "client-authorities": "%1$s/ca.pem"},
         "rules": [{"users": ["mate"], "repositories": ["*"], "actions": ["pull"]}]}
        """
            .formatted(folder);
    Path root = Files.createDirectories(folder.resolve("root"));
    try (FolderStorage storage = FolderStorage.open(root, Duration.ofDays(1))) {
      Path file = Files.writeString(folder.resolve("config.json"), config);
      try (RegistryServer server =
          RegistryServer.start(
              ServerSettingsReader.read(
                  List.of(
                      "--root",
                      root.toString(),
                      "--listen",
                      "127.0.0.1:0",
                      "--config",
                      file.toString())),
              storage)) {
        String host =
            "127.0.0.1:"
                + (server.listening().getFirst()
                        instanceof Listen.Tls(InetSocketAddress at, TlsFiles files)
                    ? at.getPort()
                    : -1);
        Path own = Files.createDirectories(folder.resolve("certs.d").resolve(host));
        Files.copy(folder.resolve("ca.pem"), own.resolve("ca.crt"));

        assertThatThrownBy(() -> tags(host)).isInstanceOf(Fault.Failed.class);
        Files.copy(folder.resolve("mate.pem"), own.resolve("client.cert"));
        Files.copy(folder.resolve("mate.key"), own.resolve("client.key"));
        // Let in, and then told that there is no such image.
        assertThatThrownBy(() -> tags(host))
            .isInstanceOf(Fault.NotFound.class)
            .hasMessageContaining("manifest unknown");
      }
    }
  }

  private void tags(String host) throws IOException {
    RegistrySettings standard = RegistrySettings.DEFAULT;
    try (RegistryClient client =
        new RegistryClient(
            new RegistrySettings(
                List.of(), List.of(), List.of(folder.resolve("certs.d")), standard.proxies()),
            Instant::now)) {
      client
          .source(host, Credentials.NONE)
          .resolve(new Reference.Tag(new Repository(host, "fleet/box"), "1"));
    }
  }

  private static int port(HttpServer server) {
    return server.listening().getFirst() instanceof Listen.Tls(InetSocketAddress at, TlsFiles files)
        ? at.getPort()
        : -1;
  }

  private Listen tls(@org.jspecify.annotations.Nullable Path authorities) {
    return new Listen.Tls(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new TlsFiles(folder.resolve("server.pem"), folder.resolve("server.key"), authorities));
  }

  private void authority(String name) throws Exception {
    openssl(name, "");
  }

  private void certificate(String name, String authority, String more) throws Exception {
    openssl(
        name,
        (" -CA CA.pem -CAkey CA.key -addext basicConstraints=critical,CA:false -addext " + more)
            .replace("CA.", authority + "."));
  }

  private void openssl(String name, String more) throws Exception {
    String line =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN="
            + name
            + " -keyout "
            + name
            + ".key -out "
            + name
            + ".pem"
            + more;
    Process process =
        new ProcessBuilder(List.of(line.split(" ", -1)))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("openssl.log"))).isZero();
  }
}
