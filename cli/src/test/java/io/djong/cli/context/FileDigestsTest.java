package io.djong.cli.context;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is remembered of files, and when it is not believed.
final class FileDigestsTest {
  private static final String WRONG = "0".repeat(64);

  @TempDir Path folder = Path.of("");
  private Duration later = Duration.ofHours(1);

  private Path root() throws IOException {
    return Files.createDirectories(folder.resolve("root"));
  }

  private Path cache() {
    return folder.resolve("cache").resolve("contexts");
  }

  private Map<String, FileDigests.Known> look(String... names) throws Exception {
    List<ContextFolder.Entry> files =
        Stream.of(names).map(name -> new ContextFolder.Entry(name, 1)).toList();
    return FileDigests.of(root(), cache(), () -> Instant.now().plus(later)).of(files);
  }

  private String digest(String name) throws Exception {
    return Objects.requireNonNull(look(name).get(name)).digest().hex();
  }

  /// What is remembered is made wrong: it shows when it is believed.
  private void falsify(String name) throws IOException {
    try (Stream<Path> all = Files.list(cache())) {
      Path memory = all.findFirst().orElseThrow();
      String right = Digest.of(Files.readAllBytes(root().resolve(name))).hex();
      String text = Files.readString(memory);
      assertThat(text).contains(right);
      Files.writeString(memory, text.replace(right, WRONG));
    }
  }

  @Test
  void aFileThatDidNotChangeIsNotReadAgain() throws Exception {
    Files.writeString(root().resolve("odd\nname"), "tea");
    assertThat(digest("odd\nname")).isEqualTo(Digest.of("tea".getBytes(UTF_8)).hex());

    falsify("odd\nname");

    assertThat(digest("odd\nname")).isEqualTo(WRONG);
  }

  @Test
  void aFileOfTheSameSizeAndTimeIsReadAgainIfItWasWritten() throws Exception {
    Path file = Files.writeString(root().resolve("f"), "tea");
    FileTime time = Files.getLastModifiedTime(file);
    digest("f");
    falsify("f");

    Files.writeString(file, "rum");
    Files.setLastModifiedTime(file, time);

    assertThat(digest("f")).isEqualTo(Digest.of("rum".getBytes(UTF_8)).hex());
  }

  @Test
  void aFileThatWasWrittenJustNowIsNotRemembered() throws Exception {
    Files.writeString(root().resolve("f"), "tea");
    later = Duration.ZERO;
    digest("f");

    assertThat(cache()).doesNotExist();
  }

  @Test
  void aMemoryThatIsDamagedIsNotBelieved() throws Exception {
    Files.writeString(root().resolve("f"), "tea");
    digest("f");
    falsify("f");
    try (Stream<Path> all = Files.list(cache())) {
      Path memory = all.findFirst().orElseThrow();
      Files.writeString(memory, Files.readString(memory) + "a sha256:short f\0");
    }

    assertThat(digest("f")).isEqualTo(Digest.of("tea".getBytes(UTF_8)).hex());
  }

  @Test
  void whatIsNoFileOrIsGoneIsLeftOutAndTheModeIsTold() throws Exception {
    Path file = Files.writeString(root().resolve("f"), "tea");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
    Files.createSymbolicLink(root().resolve("link"), Path.of("f"));

    Map<String, FileDigests.Known> known = look("f", "gone", "link");

    assertThat(known).containsOnlyKeys("f");
    assertThat(Objects.requireNonNull(known.get("f")).permissions()).isEqualTo(0751);
  }
}
