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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
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

  private Map<String, Digest> look(String... names) throws Exception {
    List<ContextFile> files = new ArrayList<>();
    for (String name : names) {
      files.add(ContextFile.look(root().resolve(name), name));
    }
    return FileDigests.of(root(), cache(), () -> Instant.now().plus(later)).of(files);
  }

  private String digest(String name) throws Exception {
    return Objects.requireNonNull(look(name).get(name)).hex();
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
  void aFileThatIsGoneIsLeftOut() throws Exception {
    Path file = Files.writeString(root().resolve("f"), "tea");
    ContextFile found = ContextFile.look(file, "f");
    Files.delete(file);

    assertThat(FileDigests.of(root(), cache(), Instant::now).of(List.of(found))).isEmpty();
  }

  @Test
  void theFolderIsSeenAsItIsButForWhatIsIgnored() throws Exception {
    Files.createDirectories(root().resolve("a/b"));
    Files.createDirectories(root().resolve("not/this"));
    Files.writeString(root().resolve("not/this/f"), "");
    Files.writeString(root().resolve("not/this/but"), "");
    Path file = Files.writeString(root().resolve("a/b/f"), "tea");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
    Files.createSymbolicLink(root().resolve("link"), Path.of("a"));
    Files.writeString(root().resolve("Dockerfile"), "");
    Files.writeString(root().resolve(".dockerignore"), "not\nDockerfile\n!not/this/but\n");

    Map<String, ContextFile> found =
        ContextFolder.of(root(), "Dockerfile", "").files().stream()
            .collect(Collectors.toMap(ContextFile::path, each -> each));

    assertThat(found)
        .containsOnlyKeys(
            "a", "a/b", "a/b/f", "link", "Dockerfile", ".dockerignore", "not/this/but");
    assertThat(Objects.requireNonNull(found.get("a/b/f")))
        .returns(0751, ContextFile::permissions)
        .returns(3L, ContextFile::size)
        .returns(true, ContextFile::isFile);
    assertThat(Objects.requireNonNull(found.get("link")).isFolder()).isFalse();
  }
}
