package io.djong.verify.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pull that somebody breaks off, or that ends with the daemon, keeps what came: the next one
/// asks for the rest alone.
class CutPullTest {
  private static final int SIZE = 6 << 20;

  @TempDir Path folder = Path.of("");
  private final CountDownLatch released = new CountDownLatch(1);
  private final Queue<String> ranges = new ConcurrentLinkedQueue<>();
  private final CountDownLatch[] half = {new CountDownLatch(1), new CountDownLatch(1)};
  private byte[] layer = new byte[0];
  private byte[] config = new byte[0];
  private byte[] manifest = new byte[0];
  private HttpServer registry;

  private static String sha256(byte[] bytes) throws Exception {
    return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @BeforeEach
  void serve() throws Exception {
    byte[] cargo = new byte[SIZE];
    new Random(3).nextBytes(cargo);
    Files.write(folder.resolve("cargo"), cargo);
    Path tar = folder.resolve("layer.tar");
    Program.run(
            List.of("tar", "-C", folder.toString(), "-cf", tar.toString(), "cargo"), Map.of(), null)
        .ok();
    String diffId = sha256(Files.readAllBytes(tar));
    Program.run(List.of("gzip", "-1", tar.toString()), Map.of(), null).ok();
    layer = Files.readAllBytes(folder.resolve("layer.tar.gz"));
    config =
        ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\","
                + "\"diff_ids\":[\""
                + diffId
                + "\"]}}")
            .getBytes(UTF_8);
    manifest =
        ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
                + sha256(config)
                + "\",\"size\":"
                + config.length
                + "},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\""
                + sha256(layer)
                + "\",\"size\":"
                + layer.length
                + "}]}")
            .getBytes(UTF_8);
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    registry.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    registry.createContext("/", this::answer);
    registry.start();
  }

  @AfterEach
  void end() {
    released.countDown();
    registry.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.contains("/manifests/")) {
        exchange
            .getResponseHeaders()
            .set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
        send(exchange, 200, manifest);
      } else if (path.endsWith(digestOf(config))) {
        send(exchange, 200, config);
      } else if (path.endsWith(digestOf(layer))) {
        layer(exchange);
      } else {
        send(exchange, 200, "{}".getBytes(UTF_8));
      }
    }
  }

  private static String digestOf(byte[] bytes) throws IOException {
    try {
      return sha256(bytes);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /// The first two times, two megabytes more and then nothing.
  private void layer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    ranges.add(String.valueOf(range));
    int from =
        range == null ? 0 : Integer.parseInt(range.substring("bytes=".length()).replace("-", ""));
    if (range != null) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (layer.length - 1) + "/" + layer.length);
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, layer.length - from);
    OutputStream body = exchange.getResponseBody();
    int time = ranges.size() - 1;
    if (time < half.length) {
      body.write(Arrays.copyOfRange(layer, from, from + (2 << 20)));
      body.flush();
      half[time].countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    body.write(layer, from, layer.length - from);
  }

  private int from(int time) {
    String range = List.copyOf(ranges).get(time);
    assertThat(range).startsWith("bytes=");
    return Integer.parseInt(range.substring("bytes=".length()).replace("-", ""));
  }

  @Test
  void whatCameBeforeAnInterruptAndBeforeAKillIsNotAskedForAgain() throws Exception {
    String name = "127.0.0.1:" + registry.getAddress().getPort() + "/fleet/box:1";
    try (LiveDaemon daemon = LiveDaemon.start()) {
      Process first = Program.start(daemon.dockerCommand("pull", name), Map.of(), null);
      assertThat(half[0].await(60, TimeUnit.SECONDS)).isTrue();
      came(daemon, 1 << 20);
      Program.run(List.of("kill", "-INT", Long.toString(first.pid())), Map.of(), null).ok();
      first.waitFor();

      Process second = Program.start(daemon.dockerCommand("pull", name), Map.of(), null);
      assertThat(half[1].await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(from(1)).isBetween(1 << 20, 2 << 20);
      came(daemon, from(1) + (1 << 20));
      daemon.kill();
      second.waitFor();
      daemon.launch();

      daemon.docker("pull", name).ok();
      assertThat(from(2)).isBetween(from(1) + (1 << 20), from(1) + (2 << 20));
      assertThat(ranges).hasSize(3);
    }
  }

  /// Waits until so much of the layer is on the disk.
  private static void came(LiveDaemon daemon, long bytes) throws Exception {
    Waiting.until(
        bytes + " bytes are there",
        () -> {
          try (var files = Files.walk(daemon.folder())) {
            return files
                .filter(file -> file.toString().contains("upload"))
                .filter(Files::isRegularFile)
                .anyMatch(file -> file.toFile().length() >= bytes);
          }
        });
  }
}
