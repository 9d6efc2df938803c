package io.djong.verify.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `djong registry` as users start it, with other people's clients, and killed.
class RegistryProgramTest {
  private static final int ROUNDS = 3;
  private static final int PUSHERS = 3;

  @TempDir Path folder;
  private @Nullable DjongRegistry registry;
  private String host = "";

  private void serve() throws IOException {
    registry = DjongRegistry.start(folder);
    host = registry.host();
  }

  @AfterEach
  void end() throws InterruptedException {
    kill();
  }

  private void kill() throws InterruptedException {
    if (registry != null) {
      registry.kill();
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /// An OCI layout with one small image called `app`.
  private Path layout() throws Exception {
    Path layout = folder.resolve("layout");
    Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    byte[] layer = new byte[1024]; // An empty tar.
    String layerDigest = put(blobs, layer);
    byte[] config =
        ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\","
                + "\"diff_ids\":[\"sha256:"
                + layerDigest
                + "\"]}}")
            .getBytes(UTF_8);
    byte[] manifest =
        ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":"
                + "\"sha256:"
                + put(blobs, config)
                + "\",\"size\":"
                + config.length
                + "},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\","
                + "\"digest\":\"sha256:"
                + layerDigest
                + "\",\"size\":1024}]}")
            .getBytes(UTF_8);
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.writeString(
        layout.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":"
            + "\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"sha256:"
            + put(blobs, manifest)
            + "\",\"size\":"
            + manifest.length
            + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"app\"}}]}");
    return layout;
  }

  private static String put(Path blobs, byte[] bytes) throws Exception {
    String hex = sha256(bytes);
    Files.write(blobs.resolve(hex), bytes);
    return hex;
  }

  private Program.Result skopeo(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("skopeo"));
    command.addAll(List.of(arguments));
    return Program.run(command, Map.of(), null).ok();
  }

  @Test
  void skopeoPushesPullsListsAndDeletesInBothFormats() throws Exception {
    serve();
    String image = "docker://" + host + "/team/app";

    skopeo("copy", "--dest-tls-verify=false", "oci:" + layout() + ":app", image + ":oci");
    skopeo(
        "copy",
        "--src-tls-verify=false",
        "--dest-tls-verify=false",
        "--format",
        "v2s2",
        image + ":oci",
        image + ":docker");
    skopeo("copy", "--src-tls-verify=false", image + ":docker", "dir:" + folder.resolve("out"));

    assertThat(Files.readString(folder.resolve("out/manifest.json")))
        .contains("application/vnd.docker.distribution.manifest.v2+json");
    skopeo("delete", "--tls-verify=false", image + ":docker");
    assertThat(skopeo("list-tags", "--tls-verify=false", image).out())
        .contains("\"oci\"")
        .doesNotContain("\"docker\"");
  }

  @Test
  void whatBuildahMakesAndPushesPodmanPullsAndPushesAgain() throws Exception {
    serve();
    String image = host + "/pod/app";
    Path cargo = Files.writeString(folder.resolve("cargo"), "ahoy");
    String working = libpod("buildah", "from", "scratch").line();
    libpod("buildah", "copy", working, cargo.toString(), "/cargo");
    libpod("buildah", "commit", "--format", "oci", working, "localhost/app");
    libpod("buildah", "push", "--tls-verify=false", "localhost/app", "docker://" + image + ":oci");

    libpod("podman", "pull", "--tls-verify=false", image + ":oci");
    libpod(
        "podman",
        "push",
        "--tls-verify=false",
        "--format",
        "v2s2",
        image + ":oci",
        image + ":v2s2");
    libpod("podman", "rmi", "--all", "--force");
    String id = libpod("podman", "pull", "--tls-verify=false", image + ":v2s2").line();

    assertThat(skopeo("list-tags", "--tls-verify=false", "docker://" + image).out())
        .contains("\"oci\"", "\"v2s2\"");
    Path mounted = Path.of(libpod("podman", "image", "mount", id).line());
    assertThat(Files.readString(mounted.resolve("cargo"))).isEqualTo("ahoy");
    libpod("podman", "image", "unmount", "--all");
  }

  /// Podman and buildah with a storage of their own that needs nothing of the kernel.
  private Program.Result libpod(String program, String... arguments) throws Exception {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                program,
                "--storage-driver",
                "vfs",
                "--root",
                folder.resolve("libpod").toString(),
                "--runroot",
                folder.resolve("libpod-run").toString()));
    command.addAll(List.of(arguments));
    return Program.run(command, Map.of("HOME", folder.toString()), null).ok();
  }

  @Test
  void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    for (int round = 0; round < ROUNDS; round++) {
      serve();
      CountDownLatch enough = new CountDownLatch(10 + new Random().nextInt(30));
      Thread[] pushers = new Thread[PUSHERS];
      for (int i = 0; i < PUSHERS; i++) {
        pushers[i] = Thread.ofVirtual().start(() -> push(client, acknowledged, enough));
      }
      assertThat(enough.await(120, TimeUnit.SECONDS)).isTrue();
      kill();
      for (Thread each : pushers) {
        each.join();
      }
    }

    serve();
    assertThat(acknowledged).isNotEmpty();
    for (String digest : acknowledged) {
      URI blob = URI.create("http://" + host + "/v2/crash/blobs/sha256:" + digest);
      byte[] body =
          client.send(HttpRequest.newBuilder(blob).build(), BodyHandlers.ofByteArray()).body();
      assertThat(sha256(body)).isEqualTo(digest);
    }
    assertThat(Objects.requireNonNull(registry).terminate()).isZero();
    Program.djong(Map.of(), "registry", "scrub", "--root", folder.resolve("root").toString()).ok();
  }

  /// Pushes until the registry is gone.
  private void push(HttpClient client, Queue<String> acknowledged, CountDownLatch enough) {
    Random random = new Random();
    try {
      while (true) {
        byte[] bytes = new byte[random.nextInt(200_000)];
        random.nextBytes(bytes);
        String digest = sha256(bytes);
        URI place =
            URI.create("http://" + host + "/v2/crash/blobs/uploads/?digest=sha256:" + digest);
        HttpRequest request =
            HttpRequest.newBuilder(place).POST(BodyPublishers.ofByteArray(bytes)).build();
        if (client.send(request, BodyHandlers.discarding()).statusCode() == 201) {
          acknowledged.add(digest);
          enough.countDown();
        }
      }
    } catch (IOException e) {
      // Killed.
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
