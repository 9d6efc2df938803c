package io.djong.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.RecordStore;
import io.djong.content.sqlite.SqliteRecords;
import io.djong.engine.Filters;
import io.djong.engine.Volumes.VolumeDetails;
import io.djong.engine.event.RecentEvents;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import io.djong.model.record.VolumeRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Volumes and the tools for them, on a store and folders of their own.
class FolderVolumesTest {
  @TempDir Path folder;
  private RecordStore records;
  private RecentEvents events;
  private final List<String> users = new ArrayList<>();
  private FolderVolumes volumes;
  private FolderVolumeTools tools;

  @BeforeEach
  void open() throws IOException {
    records = SqliteRecords.open(folder.resolve("records.db"), folder.resolve("library"));
    events = new RecentEvents(folder.resolve("events"), InstantSource.system());
    reopen();
  }

  private void reopen() throws IOException {
    volumes =
        new FolderVolumes(
            folder.resolve("volumes"), records, events, InstantSource.system(), _ -> users);
    tools = new FolderVolumeTools(volumes);
  }

  @AfterEach
  void close() throws IOException {
    events.close();
    records.close();
  }

  private Path file(String volume, String name) {
    return folder.resolve("volumes").resolve(volume).resolve("_data").resolve(name);
  }

  private VolumeDetails made(String name) throws IOException {
    VolumeDetails made = volumes.create(name, Map.of(), Map.of("crew", "day"));
    Files.createDirectories(file(name, "deep"));
    Files.writeString(file(name, "deep/cargo"), "tea");
    Files.createSymbolicLink(file(name, "link"), Path.of("/etc/passwd"));
    return made;
  }

  private byte[] exported(String name) throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    tools.export(name, tar);
    return tar.toByteArray();
  }

  @Test
  void whatIsExportedFillsAnotherVolume() throws IOException {
    made("one");
    volumes.create("two", Map.of(), Map.of());
    tools.importTree("two", new ByteArrayInputStream(exported("one")));

    assertThat(file("two", "deep/cargo")).content().isEqualTo("tea");
    assertThat(Files.readSymbolicLink(file("two", "link"))).isEqualTo(Path.of("/etc/passwd"));
    assertThatThrownBy(() -> tools.importTree("two", new ByteArrayInputStream(exported("one"))))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("not empty");
  }

  @Test
  void aBrokenArchiveLeavesAnEmptyVolume() throws IOException {
    made("one");
    volumes.create("two", Map.of(), Map.of());
    byte[] tar = exported("one");
    byte[] half = java.util.Arrays.copyOf(tar, tar.length / 2 - 100);

    assertThatThrownBy(() -> tools.importTree("two", new ByteArrayInputStream(half)))
        .isInstanceOf(Fault.Invalid.class);
    assertThat(folder.resolve("volumes/two/_data")).isEmptyDirectory();
  }

  @Test
  void aCloneHasFilesLabelsAndALifeOfItsOwn() throws IOException {
    made("one");
    VolumeDetails copy = tools.copy("one", "two");
    volumes.remove("one", false);

    assertThat(file("two", "deep/cargo")).content().isEqualTo("tea");
    assertThat(copy.labels()).containsEntry("crew", "day");
    assertThatThrownBy(() -> tools.copy("two", "two")).isInstanceOf(Fault.Conflict.class);
    assertThatThrownBy(() -> tools.copy("one", "three")).isInstanceOf(Fault.NotFound.class);
    assertThatThrownBy(() -> tools.copy("two", "../x")).isInstanceOf(Fault.Invalid.class);
    assertThat(volumes.list(Filters.NONE)).extracting(VolumeDetails::name).containsExactly("two");
  }

  @Test
  void aVolumeIsRenamedUnlessItIsInUse() throws IOException {
    made("one");
    volumes.create("taken", Map.of(), Map.of());
    assertThatThrownBy(() -> tools.rename("one", "taken")).isInstanceOf(Fault.Conflict.class);
    users.add("abc");
    assertThatThrownBy(() -> tools.rename("one", "two"))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("abc");
    users.clear();
    tools.rename("one", "two");

    assertThat(file("two", "deep/cargo")).content().isEqualTo("tea");
    assertThatThrownBy(() -> volumes.inspect("one")).isInstanceOf(Fault.NotFound.class);
    reopen();
    assertThat(volumes.inspect("two").labels()).containsEntry("crew", "day");
  }

  @Test
  void aRenamingThatWasInterruptedIsFinishedAtTheNextOpening() throws IOException {
    made("one");
    VolumeRecord half =
        new VolumeRecord(
            "two", Map.of(), InstantSource.system().instant().toString(), false, Map.of(), "one");
    records.put("volume", "two", Json.lean().write(half));
    records.delete("volume", "one");
    Files.createDirectories(folder.resolve("volumes/.new-half/_data"));
    reopen();

    assertThat(file("two", "deep/cargo")).content().isEqualTo("tea");
    assertThat(volumes.list(Filters.NONE)).extracting(VolumeDetails::name).containsExactly("two");
    assertThat(folder.resolve("volumes/.new-half")).doesNotExist();
  }

  @Test
  void aSizeIsRefusedWhereTheFileSystemCannotKeepIt() throws IOException {
    assertThatThrownBy(() -> volumes.create("one", Map.of("size", "1m"), Map.of()))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("quota size requested but no quota support");
    assertThatThrownBy(() -> volumes.create("one", Map.of("size", "much"), Map.of()))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("invalid size: 'much'");
    assertThat(folder.resolve("volumes/one")).doesNotExist();
    assertThat(volumes.list(Filters.NONE)).isEmpty();
  }
}
