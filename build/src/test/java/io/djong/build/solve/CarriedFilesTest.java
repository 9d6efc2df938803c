package io.djong.build.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.tar.TarReader;
import io.djong.layers.tar.TreeWriter;
import io.djong.linux.FileKind;
import io.djong.linux.Root;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What of a cache mount goes over, and what does not.
final class CarriedFilesTest {
  private static final CarriedFiles.Limits LITTLE = new CarriedFiles.Limits(1000, 10);

  @TempDir Path folder = Path.of("");
  private Path mount = Path.of("");
  private Path layer = Path.of("");
  private Path back = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    mount = Files.createDirectory(folder.resolve("mount"));
    layer = Files.createDirectory(folder.resolve("layer"));
    back = Files.createDirectory(folder.resolve("back"));
  }

  private byte[] pack(CarriedFiles files) throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    try (Root root = Root.open(mount)) {
      files.pack(root, tar);
    }
    return tar.toByteArray();
  }

  private void unpackLayer(byte[] tar) throws IOException {
    try (Root root = Root.open(layer);
        TreeWriter writer = new TreeWriter(root, TreeWriter.Settings.PLAIN)) {
      TarReader reader = new TarReader(new ByteArrayInputStream(tar));
      for (var entry = reader.next(); entry != null; entry = reader.next()) {
        writer.put(entry, reader);
      }
      writer.finish();
    }
  }

  private void unpack(CarriedFiles files) throws IOException {
    try (Root from = Root.open(layer);
        Root to = Root.open(back)) {
      files.unpack(from, to);
    }
  }

  @Test
  void filesFoldersLinksAndTimesComeBackAsTheyWere() throws IOException {
    Files.createDirectories(mount.resolve("a/b"));
    Files.writeString(mount.resolve("a/b/file"), "text");
    Files.setLastModifiedTime(
        mount.resolve("a/b/file"), FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
    Files.createSymbolicLink(mount.resolve("a/link"), Path.of("/etc/passwd"));
    Files.createLink(mount.resolve("a/same"), mount.resolve("a/b/file"));

    byte[] tar = pack(new CarriedFiles(LITTLE));
    unpackLayer(tar);
    unpack(new CarriedFiles(LITTLE));

    assertThat(back.resolve("a/b/file")).hasContent("text");
    assertThat(Files.getLastModifiedTime(back.resolve("a/b/file")).toInstant())
        .isEqualTo("2001-02-03T04:05:06Z");
    assertThat(Files.readSymbolicLink(back.resolve("a/link"))).hasToString("/etc/passwd");
    assertThat(Files.isSameFile(back.resolve("a/same"), back.resolve("a/b/file"))).isTrue();
    assertThat(pack(new CarriedFiles(LITTLE))).as("the same files, the same bytes").isEqualTo(tar);
  }

  @Test
  void devicesAndWhatALayerTakesForWhiteoutsDoNotTravel() throws IOException {
    Files.createDirectories(mount.resolve(".wh..wh..opq"));
    Files.writeString(mount.resolve(".wh.file"), "");
    Files.writeString(mount.resolve("file"), "text");
    try (Root root = Root.open(mount)) {
      root.mknod(RawPath.of("null"), FileKind.CHARACTER_DEVICE, 0666, 1, 3);
      root.mkfifo(RawPath.of("pipe"), 0600);
    }

    unpackLayer(pack(new CarriedFiles(LITTLE)));

    assertThat(layer.resolve("mount")).isDirectoryContaining("glob:**/file");
    try (var names = Files.list(layer.resolve("mount"))) {
      assertThat(names.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("file", "pipe");
    }
    try (Root root = Root.open(layer)) {
      root.mknod(RawPath.of("mount/null"), FileKind.CHARACTER_DEVICE, 0666, 1, 3);
    }
    unpack(new CarriedFiles(LITTLE));
    assertThat(back.resolve("file")).hasContent("text");
    assertThat(back.resolve("null")).doesNotExist();
  }

  @Test
  void moreThanTheLimitsIsRefusedBothWaysAndCountsForAllTogether() throws IOException {
    Files.writeString(mount.resolve("file"), "x".repeat(600));
    CarriedFiles out = new CarriedFiles(LITTLE);
    unpackLayer(pack(out));
    assertThatThrownBy(() -> pack(out))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("more than 10 files or 1000 bytes");
    CarriedFiles in = new CarriedFiles(LITTLE);
    unpack(in);
    // As long as a file claims to be, whatever it takes on the disk.
    try (var sparse = new java.io.RandomAccessFile(layer.resolve("mount/big").toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    assertThatThrownBy(() -> unpack(in)).isInstanceOf(Fault.Invalid.class);
    for (int i = 0; i < 10; i++) {
      Files.writeString(mount.resolve("file" + i), "");
    }
    assertThatThrownBy(() -> pack(new CarriedFiles(LITTLE))).isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void aLayerWhoseFolderIsALinkIsNone() throws IOException {
    Files.createSymbolicLink(layer.resolve("mount"), mount);
    Files.writeString(mount.resolve("secret"), "text");

    assertThatThrownBy(() -> unpack(new CarriedFiles(LITTLE)))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("holds no cache mount");
    assertThat(back).isEmptyDirectory();
  }
}
