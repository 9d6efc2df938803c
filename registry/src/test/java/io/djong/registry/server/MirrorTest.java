package io.djong.registry.server;

import static io.djong.registry.server.ServedRegistry.code;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.djong.model.Digest;
import io.djong.registry.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry that serves what another one has.
class MirrorTest {
  private static final Digest LAYER = Digest.of("layer".getBytes(UTF_8));
  private static final String BLOB = "/v2/app/blobs/" + LAYER;

  @TempDir Path folder;

  private ServedRegistry mirror(ServedRegistry upstream) throws IOException {
    return new ServedRegistry(
        folder.resolve("mirror"), "{\"proxy\":\"http://" + upstream.host() + "\"}");
  }

  @Test
  void whatTheUpstreamHasIsServedAlsoWhenItIsAway() throws IOException {
    ServedRegistry upstream = new ServedRegistry(folder.resolve("upstream"));
    Digest digest = upstream.image("app", "v1", "layer");
    try (ServedRegistry mirror = mirror(upstream)) {
      assertThat(mirror.get("/v2/app/manifests/v1").header("Docker-Content-Digest"))
          .isEqualTo(digest.toString());
      assertThat(mirror.get(BLOB).text()).isEqualTo("layer");
      assertThat(mirror.get("/v2/app/manifests/v2").status()).isEqualTo(404);

      upstream.close();

      assertThat(mirror.get("/v2/app/manifests/v1").status()).isEqualTo(200);
      assertThat(mirror.get(BLOB).text()).isEqualTo("layer");
      assertThat(mirror.get("/v2/app/manifests/v2").status()).isEqualTo(404);
    }
  }

  @Test
  void aTagThatMovedIsSeen() throws IOException {
    try (ServedRegistry upstream = new ServedRegistry(folder.resolve("upstream"));
        ServedRegistry mirror = mirror(upstream)) {
      upstream.image("app", "v1", "old");
      mirror.get("/v2/app/manifests/v1");

      Digest moved = upstream.image("app", "v1", "new");

      assertThat(mirror.get("/v2/app/manifests/v1").header("Docker-Content-Digest"))
          .isEqualTo(moved.toString());
    }
  }

  @Test
  void manyWhoWantABlobFetchItOnce() throws Exception {
    try (ServedRegistry upstream = new ServedRegistry(folder.resolve("upstream"));
        ServedRegistry mirror = mirror(upstream)) {
      upstream.image("app", "v1", "layer");
      mirror.get("/v2/app/manifests/v1");
      List<CompletableFuture<String>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        CompletableFuture<String> one = new CompletableFuture<>();
        all.add(one);
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    one.complete(mirror.get(BLOB).text());
                  } catch (IOException e) {
                    one.completeExceptionally(e);
                  }
                });
      }

      for (CompletableFuture<String> each : all) {
        assertThat(each.get()).isEqualTo("layer");
      }
      assertThat(upstream.get("/metrics").text())
          .contains("{route=\"blob\",method=\"GET\",status=\"200\"} 1\n");
    }
  }

  @Test
  void bytesThatAreNotTheDigestsAreNeitherServedNorKept() throws IOException {
    try (ServedRegistry upstream = new ServedRegistry(folder.resolve("upstream"));
        ServedRegistry mirror = mirror(upstream)) {
      upstream.image("app", "v1", "layer");
      mirror.get("/v2/app/manifests/v1");
      Path file =
          upstream
              .root
              .resolve("content/blobs/sha256")
              .resolve(LAYER.hex().substring(0, 2))
              .resolve(LAYER.hex());
      Files.writeString(file, "LAYER");

      assertThat(mirror.get(BLOB).status()).isEqualTo(503);

      assertThat(mirror.storage.blobs().size(LAYER)).isEmpty();
    }
  }

  @Test
  void nobodyPushesToAMirror() throws IOException {
    try (ServedRegistry upstream = new ServedRegistry(folder.resolve("upstream"));
        ServedRegistry mirror = mirror(upstream)) {
      assertThat(code(mirror.post("/v2/app/blobs/uploads/"))).isEqualTo("UNSUPPORTED");
    }
  }

  @Test
  void aMirrorIsAUserToItsUpstream() throws IOException {
    Path users =
        Files.writeString(
            folder.resolve("htpasswd"),
            "mate:" + BCrypt.withDefaults().hashToString(4, "ahoy".toCharArray()) + "\n");
    Path password = Files.writeString(folder.resolve("password"), "ahoy\n");
    try (ServedRegistry upstream =
        new ServedRegistry(folder.resolve("upstream"), "{\"htpasswd\":\"" + users + "\"}")) {
      upstream.always(Map.of("Authorization", new Credentials.Password("mate", "ahoy").header()));
      upstream.image("app", "v1", "layer");
      String address = "{\"proxy\":\"http://" + upstream.host() + "\"";
      try (ServedRegistry nobody = new ServedRegistry(folder.resolve("nobody"), address + "}")) {
        assertThat(nobody.get("/v2/app/manifests/v1").status()).isNotEqualTo(200);
      }
      try (ServedRegistry mirror =
          new ServedRegistry(
              folder.resolve("mirror"),
              address + ",\"proxy-user\":\"mate\",\"proxy-password-file\":\"" + password + "\"}")) {
        assertThat(mirror.get("/v2/app/manifests/v1").status()).isEqualTo(200);
        assertThat(mirror.get(BLOB).text()).isEqualTo("layer");
      }
    }
  }
}
