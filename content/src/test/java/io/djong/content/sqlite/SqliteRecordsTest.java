package io.djong.content.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.RecordStore;
import io.djong.content.RecordStoreContract;
import io.djong.model.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteRecordsTest implements RecordStoreContract {
  /// The JVM loads the library once, so all tests share its folder.
  private static final Path LIBRARIES = Path.of(System.getProperty("java.io.tmpdir"), "libraries");

  @TempDir Path folder;

  @Override
  public RecordStore newStore() throws IOException {
    return open();
  }

  @Test
  void recordsAreThereAfterARestart() throws IOException {
    try (RecordStore store = open()) {
      store.put("k", "a", "cargo".getBytes(UTF_8));
    }

    try (RecordStore store = open()) {
      assertThat(store.get("k", "a")).isEqualTo("cargo".getBytes(UTF_8));
    }
  }

  @Test
  void recordsAreThereWithoutAClose() throws IOException {
    RecordStore killed = open();
    killed.put("k", "a", "cargo".getBytes(UTF_8));

    Path copy = Files.createDirectory(folder.resolve("copy"));
    for (String file : new String[] {"state.db", "state.db-wal"}) {
      Files.copy(folder.resolve(file), copy.resolve(file));
    }

    try (RecordStore store = SqliteRecords.open(copy.resolve("state.db"), LIBRARIES)) {
      assertThat(store.get("k", "a")).isEqualTo("cargo".getBytes(UTF_8));
    }
    killed.close();
  }

  @Test
  void onADiskWithoutRoomWhatIsRemovedIsRecorded() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    mount("-t", "tmpfs", "-o", "size=9m", "tmpfs", disk.toString());
    try (SqliteRecords store = SqliteRecords.open(disk.resolve("state.db"), LIBRARIES)) {
      byte[] much = new byte[100_000];
      for (int i = 0; i < 10; i++) {
        store.put("k", "old" + i, much);
      }
      assertThat(disk.resolve("state.db-reserve")).exists();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 200; i++) {
                  Files.write(disk.resolve("ballast" + i), much);
                }
              })
          .isInstanceOf(IOException.class);
      for (int i = 1; i < 9; i++) {
        store.delete("k", "old" + i);
      }
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 200; i++) {
                  store.put("k", "new" + i, much);
                }
              })
          .hasMessageContaining("no space left on device");
      assertThat(store.all("k")).containsKeys("old0", "old9").doesNotContainKey("old1");
    } finally {
      mount("-u", disk.toString());
    }
  }

  private static void mount(String... words) throws Exception {
    java.util.List<String> command = new java.util.ArrayList<>(Arrays.asList(words));
    if (words[0].equals("-u")) {
      command.set(0, "umount");
    } else {
      command.addFirst("mount");
    }
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void aNewerSchemaIsRefusedAndLeftAlone() throws Exception {
    open().close();
    try (Connection connection = SqliteDatabase.connect(folder.resolve("state.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }
    byte[] before = Files.readAllBytes(folder.resolve("state.db"));

    assertThatThrownBy(this::open)
        .isInstanceOf(Fault.Unsupported.class)
        .hasMessageContaining("newer")
        .hasMessageContaining("99");
    assertThat(Files.readAllBytes(folder.resolve("state.db"))).isEqualTo(before);
  }

  @Test
  void aFileThatIsNoDatabaseIsRefused() throws IOException {
    Files.write(
        folder.resolve("state.db"), "not a database, but long enough".repeat(100).getBytes(UTF_8));

    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("state.db");
  }

  @Test
  void aDamagedDatabaseIsRefused() throws IOException {
    try (RecordStore store = open()) {
      for (int i = 0; i < 500; i++) {
        store.put("k", "key" + i, new byte[200]);
      }
    }
    byte[] bytes = Files.readAllBytes(folder.resolve("state.db"));
    Arrays.fill(bytes, 8192, 16384, (byte) 0x5a);
    Files.write(folder.resolve("state.db"), bytes);

    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("state.db");
  }

  @Test
  void aClosedStoreSaysSo() throws IOException {
    RecordStore store = open();
    store.close();
    store.close();

    assertThatThrownBy(() -> store.put("k", "a", new byte[0]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> store.get("k", "a")).isInstanceOf(IOException.class);
  }

  @Test
  void theLibraryIsUnpackedOnceAndFoundByLaterStarts() throws IOException {
    open().close();
    try (var files = Files.list(LIBRARIES)) {
      assertThat(files).hasSize(1);
    }
  }

  private RecordStore open() throws IOException {
    return SqliteRecords.open(folder.resolve("state.db"), LIBRARIES);
  }
}
