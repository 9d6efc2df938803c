package io.djong.registry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.BlobWriter;
import io.djong.content.UploadId;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every RegistryStorage must do with entries; its blobs have a contract of their own.
public interface RegistryStorageContract {
  RegistryStorage storage() throws IOException;

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  default void anEntryIsReadAsItWasWrittenLast() throws IOException {
    RegistryStorage storage = storage();
    assertThat(storage.read("a/b")).isNull();

    storage.write("a/b", bytes("one"));
    storage.write("a/b", bytes("two"));

    assertThat(storage.read("a/b")).isEqualTo(bytes("two"));
    assertThat(storage.written("a/b")).isAfter(Instant.now().minusSeconds(600));
  }

  @Test
  default void anEntryIsCreatedOnce() throws Exception {
    RegistryStorage storage = storage();
    AtomicInteger made = new AtomicInteger();
    Thread[] threads = new Thread[8];
    for (int i = 0; i < threads.length; i++) {
      String mine = "by " + i;
      threads[i] =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      if (storage.create("tags/v1", bytes(mine))) {
                        made.incrementAndGet();
                      }
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  });
    }
    for (Thread each : threads) {
      each.join();
    }

    assertThat(made).hasValue(1);
    assertThat(storage.create("tags/v1", bytes("late"))).isFalse();
  }

  @Test
  default void namesComeInOrderAndInPages() throws IOException {
    RegistryStorage storage = storage();
    for (String name : List.of("b", "a", "_c", "B", "d")) {
      storage.write("folder/" + name + "/x", bytes(""));
    }
    storage.write("folder/e", bytes(""));

    assertThat(storage.names("folder", "", 3)).containsExactly("B", "_c", "a");
    assertThat(storage.names("folder", "a", 10)).containsExactly("b", "d", "e");
    assertThat(storage.names("folder", "", 0)).isEmpty();
    assertThat(storage.names("none", "", 10)).isEmpty();
  }

  @Test
  default void aDeletedEntryTakesItsEmptyFoldersWithIt() throws IOException {
    RegistryStorage storage = storage();
    storage.write("x/y/z", bytes("1"));
    storage.write("x/w", bytes("2"));

    assertThat(storage.delete("x/y/z")).isTrue();

    assertThat(storage.delete("x/y/z")).isFalse();
    assertThat(storage.names("x", "", 10)).containsExactly("w");
    assertThat(storage.written("x/y/z")).isEqualTo(Instant.EPOCH);
    storage.touch("x/y/z");
    storage.write("x/y/z", bytes("3"));
    assertThat(storage.read("x/y/z")).isEqualTo(bytes("3"));
  }

  @Test
  default void namesAreInOrderWhateverTheyGoOnWith() throws IOException {
    RegistryStorage storage = storage();
    for (String name : List.of("team", "team+app", "team-a", "team.b", "team0", "team+app+x")) {
      storage.write("names/" + name + "/tags/v1", bytes("1"));
    }

    assertThat(storage.names("names", "", 10))
        .containsExactly("team", "team+app", "team+app+x", "team-a", "team.b", "team0");
    assertThat(storage.names("names", "team", 2)).containsExactly("team+app", "team+app+x");
    assertThat(storage.names("names", "team+app+x", 2)).containsExactly("team-a", "team.b");
  }

  @Test
  default void whatIsInUseIsNotDeletedAsUnused() throws IOException {
    RegistryStorage storage = storage();
    storage.write("u/one", bytes("1"));

    assertThat(storage.touch("u/one")).isTrue();
    assertThat(storage.touch("u/none")).isFalse();
    assertThat(storage.deleteUnused("u/one", Instant.now().minusSeconds(600))).isFalse();
    assertThat(storage.read("u/one")).isEqualTo(bytes("1"));
    assertThat(storage.deleteUnused("u/one", Instant.now().plusSeconds(600))).isTrue();
    assertThat(storage.read("u/one")).isNull();
    assertThat(storage.deleteUnused("u/one", Instant.now().plusSeconds(600))).isFalse();
  }

  @Test
  default void aBlobThatIsInUseIsNotDeletedAsUnused() throws IOException {
    RegistryStorage storage = storage();
    Digest digest;
    try (BlobWriter writer = storage.blobs().newWriter()) {
      writer.write(bytes("cargo"));
      digest = writer.commit(null);
    }

    assertThat(storage.use(digest)).hasValue(5);
    assertThat(storage.use(Digest.of(bytes("none")))).isEmpty();
    assertThat(storage.deleteUnused(digest, Instant.now().minusSeconds(600))).isEmpty();
    try (Stream<Digest> all = storage.digests()) {
      assertThat(all).containsExactly(digest);
    }
    assertThat(storage.deleteUnused(digest, Instant.now().plusSeconds(600))).hasValue(5);
    assertThat(storage.use(digest)).isEmpty();
  }

  @Test
  default void anUploadThatNobodyGoesOnWithIsClearedAway() throws IOException {
    RegistryStorage storage = storage();
    UploadId left;
    try (BlobWriter writer = storage.blobs().newWriter()) {
      writer.write(bytes("half"));
      left = writer.upload();
    }

    storage.clear(Instant.now().minusSeconds(600));
    storage.blobs().reopen(left).close();
    storage.clear(Instant.now().plusSeconds(600));

    assertThatThrownBy(() -> storage.blobs().reopen(left)).isInstanceOf(Fault.NotFound.class);
  }
}
