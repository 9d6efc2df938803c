package io.djong.registry.server;

import static io.djong.registry.server.ServedRegistry.code;
import static io.djong.registry.server.ServedRegistry.texts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes, what stays, and what may not be done to what stays.
class CollectionTest {
  private static final Digest LOOSE = Digest.of("loose".getBytes(UTF_8));

  @TempDir Path root;

  @Test
  void whatNoManifestNamesGoesAndTheRestStays() throws IOException {
    try (ServedRegistry registry = new ServedRegistry(root)) {
      registry.image("app", "v1", "layer");
      registry.blob("app", "loose");
      Digest untagged = registry.image("app", "old", "other");
      registry.delete("/v2/app/manifests/old");

      registry.server.collect(Duration.ofHours(1));
      assertThat(registry.head("/v2/app/blobs/" + LOOSE).status()).isEqualTo(200);
      age();
      registry.server.collect(Duration.ofHours(1));

      assertThat(registry.head("/v2/app/blobs/" + LOOSE).status()).isEqualTo(404);
      assertThat(registry.storage.blobs().size(LOOSE)).isEmpty();
      assertThat(registry.get("/v2/app/manifests/v1").status()).isEqualTo(200);
      assertThat(registry.get("/v2/app/manifests/" + untagged).status()).isEqualTo(200);
      assertThat(registry.get("/v2/app/blobs/" + Digest.of("other".getBytes(UTF_8))).text())
          .isEqualTo("other");
    }
  }

  /// Makes all that is there look a day old.
  private void age() throws IOException {
    FileTime then = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
    try (var all = Files.walk(root)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Files.setLastModifiedTime(each, then);
      }
    }
  }

  @Test
  void whatIsUsedWhileACollectionRunsStays() throws IOException {
    Liveness liveness = new Liveness();
    liveness.beginCollection();
    liveness.change(() -> liveness.using(LOOSE, () -> true));

    assertThat(liveness.unlessUsed(LOOSE, () -> true)).isFalse();
    assertThat(liveness.unlessUsed(Digest.of(new byte[0]), () -> true)).isTrue();
  }

  @Test
  void aCollectionWaitsForChangesThatBeganBeforeIt() throws Exception {
    Liveness liveness = new Liveness();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Thread change =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    liveness.change(
                        () -> {
                          inside.countDown();
                          try {
                            mayEnd.await();
                          } catch (InterruptedException e) {
                            throw new IOException(e);
                          }
                          return true;
                        });
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
    inside.await();
    Thread collection = Thread.ofVirtual().start(liveness::beginCollection);
    while (collection.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }

    // Others do not wait for it.
    assertThat(liveness.change(() -> liveness.using(LOOSE, () -> true))).isTrue();
    assertThat(collection.isAlive()).isTrue();
    mayEnd.countDown();
    collection.join();
    change.join();
    assertThat(liveness.unlessUsed(LOOSE, () -> true)).isFalse();
  }

  @Test
  void retentionKeepsTheNewestAndTheMatching() throws IOException {
    String config =
        "{\"retention\":[{\"repositories\":[\"app\"],\"keep-newest\":1,"
            + "\"keep-matching\":[\"v*\"]}]}";
    try (ServedRegistry registry = new ServedRegistry(root, config)) {
      Digest gone = registry.image("app", "nightly-1", "a");
      registry.image("app", "v1", "b");
      age();
      registry.image("app", "nightly-2", "c");
      registry.image("other", "nightly-1", "a");

      registry.server.collect(Duration.ofHours(1));

      assertThat(texts(registry.get("/v2/app/tags/list"), "tags"))
          .containsExactly("nightly-2", "v1");
      assertThat(registry.get("/v2/app/manifests/" + gone).status()).isEqualTo(404);
      assertThat(registry.get("/v2/other/manifests/" + gone).status()).isEqualTo(200);
    }
  }

  @Test
  void anImmutableTagIsNeitherMovedNorDeleted() throws IOException {
    try (ServedRegistry registry = new ServedRegistry(root, "{\"immutable-tags\":[\"app:v*\"]}")) {
      Digest digest = registry.image("app", "v1", "layer");
      Digest config = registry.blob("app", "{}");
      byte[] other = ServedRegistry.image(config, 2, config, 2, "");

      assertThat(code(registry.put("app", "v1", other))).isEqualTo("DENIED");
      assertThat(code(registry.delete("/v2/app/manifests/v1"))).isEqualTo("DENIED");
      assertThat(code(registry.delete("/v2/app/manifests/" + digest))).isEqualTo("DENIED");
      assertThat(registry.image("app", "v1", "layer")).isEqualTo(digest);
      assertThat(registry.put("app", "latest", other).status()).isEqualTo(201);
    }
  }

  @Test
  void aRepositoryHoldsNoMoreThanItsQuota() throws IOException {
    try (ServedRegistry registry =
        new ServedRegistry(root, "{\"quotas\":[{\"repositories\":\"small\",\"bytes\":6}]}")) {
      registry.blob("small", "cargo");
      byte[] more = "more".getBytes(UTF_8);

      var refused =
          registry.send(
              "POST", "/v2/small/blobs/uploads/?digest=" + Digest.of(more), Map.of(), more);

      assertThat(refused.status()).isEqualTo(403);
      assertThat(code(refused)).isEqualTo("DENIED");
    }
  }

  @Test
  void aScrubTellsWhichBytesChangedAndWhatIsMissing() throws IOException {
    try (ServedRegistry registry = new ServedRegistry(root)) {
      registry.image("app", "v1", "layer");
      assertThat(new Scrub(registry.storage).run().damage()).isEmpty();
      Digest layer = Digest.of("layer".getBytes(UTF_8));
      Path file =
          root.resolve("content/blobs/sha256")
              .resolve(layer.hex().substring(0, 2))
              .resolve(layer.hex());

      Files.writeString(file, "LAYER");

      assertThat(new Scrub(registry.storage).run().damage())
          .hasSize(2)
          .anyMatch(each -> each.contains("does not have the bytes"))
          .anyMatch(each -> each.startsWith("app: ") && each.contains(layer.toString()));
    }
  }
}
