package io.djong.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.RecordStore.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every RecordStore must do.
public interface RecordStoreContract {
  /// A fresh, empty store.
  RecordStore newStore() throws IOException;

  @Test
  default void whatIsPutCanBeGot() throws IOException {
    try (RecordStore store = newStore()) {
      store.put("container", "a", bytes("one"));
      store.put("container", "a", bytes("two"));
      store.put("network", "a", bytes("three"));
      store.put("container", "empty", new byte[0]);

      assertThat(store.get("container", "a")).isEqualTo(bytes("two"));
      assertThat(store.get("network", "a")).isEqualTo(bytes("three"));
      assertThat(store.get("container", "empty")).isEmpty();
      assertThat(store.get("container", "b")).isNull();
      assertThat(store.get("volume", "a")).isNull();
    }
  }

  @Test
  default void allRecordsOfAKindComeInTheOrderOfTheirKeys() throws IOException {
    try (RecordStore store = newStore()) {
      for (String key : List.of("b", "a/z", "B", "a", "ä", "a:1")) {
        store.put("name", key, bytes(key));
      }
      store.put("other", "c", bytes("c"));

      assertThat(store.all("name").keySet()).containsExactly("B", "a", "a/z", "a:1", "b", "ä");
      assertThat(store.all("nothing")).isEmpty();
    }
  }

  @Test
  default void whatIsWrittenLaterComesInItsTurn() throws IOException {
    try (RecordStore store = newStore()) {
      store.writeLater(List.of(new Change("build", "a", bytes("one"))));
      store.put("build", "b", bytes("two"));
      assertThat(store.get("build", "a")).isEqualTo(bytes("one"));

      store.writeLater(List.of(new Change("build", "a", bytes("three"))));
      store.delete("build", "a");
      assertThat(store.get("build", "a")).isNull();
    }
  }

  @Test
  default void deletingIsIdempotent() throws IOException {
    try (RecordStore store = newStore()) {
      store.put("container", "a", bytes("one"));

      store.delete("container", "a");
      store.delete("container", "a");

      assertThat(store.get("container", "a")).isNull();
      assertThat(store.all("container")).isEmpty();
    }
  }

  @Test
  default void theChangesOfAWriteAreAppliedInOrder() throws IOException {
    try (RecordStore store = newStore()) {
      store.write(
          List.of(
              new Change("k", "a", bytes("1")),
              new Change("k", "a", null),
              new Change("k", "a", bytes("2")),
              new Change("k", "b", bytes("3")),
              new Change("k", "b", null)));

      assertThat(store.get("k", "a")).isEqualTo(bytes("2"));
      assertThat(store.get("k", "b")).isNull();
    }
  }

  @Test
  default void aWriteThatCannotBeDoneChangesNothing() throws IOException {
    try (RecordStore store = newStore()) {
      List<Change> broken = new ArrayList<>(Arrays.asList(new Change("k", "a", bytes("1")), null));

      assertThatThrownBy(() -> store.write(broken)).isInstanceOf(NullPointerException.class);

      assertThat(store.get("k", "a")).isNull();
    }
  }

  @Test
  default void aWriterSeesItsOwnWriteAmongMany() throws Exception {
    try (RecordStore store = newStore();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> seen = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String key = "key" + i;
        seen.add(
            threads.submit(
                () -> {
                  store.put("k", key, bytes(key));
                  return store.get("k", key);
                }));
      }

      for (int i = 0; i < 200; i++) {
        assertThat(seen.get(i).get()).isEqualTo(bytes("key" + i));
      }
      assertThat(store.all("k")).hasSize(200);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
