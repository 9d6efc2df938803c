package io.djong.registry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What every RegistryStorage must do with entries; its blobs have a contract of their own.
interface RegistryStorageContract {
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
}
