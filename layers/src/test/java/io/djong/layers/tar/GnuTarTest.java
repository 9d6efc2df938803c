package io.djong.layers.tar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.content.tar.TarWriter;
import io.djong.linux.FileKind;
import io.djong.linux.FileOutput;
import io.djong.linux.FileStatus;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The machine's own tar as the witness, in both directions.
class GnuTarTest {
  private static final Instant TIME = Instant.ofEpochSecond(1_234_567_890, 987_654_321);
  @TempDir Path folder;

  private void tar(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("tar"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  private Root made(String name) throws IOException {
    return Root.open(Files.createDirectories(folder.resolve(name)));
  }

  private static void fill(Root root) throws IOException {
    byte[] notText = {'n', (byte) 0xff, (byte) 0x80, ' ', '"'};
    RawPath deep = RawPath.of("d".repeat(200)).resolve("e".repeat(120)).resolve("f".repeat(90));
    root.mkdirs(deep, 0750);
    for (RawPath path :
        List.of(
            RawPath.of("plain"), RawPath.of(notText), deep.resolve("file"), RawPath.of("ümlaut"))) {
      try (FileOutput file = root.create(path, 0600)) {
        file.write(path.bytes());
        file.chown(70_000, 3_000_000);
        file.chmod(06751);
        file.setXattr("user.x".getBytes(UTF_8), new byte[] {0, -1, 10, '='});
        file.setTimes(TIME, TIME);
      }
    }
    try (FileOutput file = root.create(RawPath.of("sparse"), 0644)) {
      file.skip(1 << 20);
      file.write("middle".getBytes(UTF_8));
      file.truncate(5 << 20);
    }
    root.link(RawPath.of("plain"), RawPath.of("z-hard"));
    root.symlink(("t/".repeat(100) + "x").getBytes(UTF_8), RawPath.of("symlink"));
    root.setTimes(RawPath.of("symlink"), TIME, TIME);
    root.mkfifo(RawPath.of("fifo"), 0600);
    root.mknod(RawPath.of("device"), FileKind.BLOCK_DEVICE, 0640, 7, 300);
    root.mkdir(RawPath.of("sticky"), 0755);
    root.chmod(RawPath.of("sticky"), 01777);
    root.setTimes(RawPath.of("sticky"), TIME, TIME);
  }

  private static void compare(Root expected, Root actual, RawPath path, boolean nanoseconds)
      throws IOException {
    FileStatus want = expected.lstat(path);
    FileStatus got = actual.lstat(path);
    String name = path.toString();
    assertThat(got.kind()).as(name).isEqualTo(want.kind());
    assertThat(got.permissions()).as(name).isEqualTo(want.permissions());
    assertThat(List.of(got.uid(), got.gid())).as(name).isEqualTo(List.of(want.uid(), want.gid()));
    assertThat(List.of(got.deviceMajor(), got.deviceMinor()))
        .as(name)
        .isEqualTo(List.of(want.deviceMajor(), want.deviceMinor()));
    if (!path.isRoot()) {
      assertThat(
              nanoseconds ? got.modified() : Instant.ofEpochSecond(got.modified().getEpochSecond()))
          .as(name)
          .isEqualTo(
              nanoseconds
                  ? want.modified()
                  : Instant.ofEpochSecond(want.modified().getEpochSecond()));
    }
    switch (want.kind()) {
      case FOLDER -> {
        List<RawPath> names = expected.list(path).stream().sorted().toList();
        assertThat(actual.list(path).stream().sorted().toList()).isEqualTo(names);
        for (RawPath child : names) {
          compare(expected, actual, path.resolve(child), nanoseconds);
        }
      }
      case REGULAR -> {
        assertThat(got.links()).as(name).isEqualTo(want.links());
        try (var a = expected.read(path);
            var b = actual.read(path)) {
          assertThat(Arrays.equals(a.readAllBytes(), b.readAllBytes())).as(name).isTrue();
        }
        if (nanoseconds) {
          assertThat(Xattrs.of(actual, path).keySet())
              .isEqualTo(Xattrs.of(expected, path).keySet());
        }
      }
      case SYMLINK -> assertThat(actual.readlink(path)).isEqualTo(expected.readlink(path));
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> {}
    }
  }

  private static void unpack(Root root, byte[] archive) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(archive));
    try (TreeWriter writer = new TreeWriter(root, TreeWriter.Settings.PLAIN)) {
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        writer.put(entry, reader);
      }
      writer.finish();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--format=gnu",
        "--format=gnu -S",
        "--format=posix",
        "--format=posix -S --sparse-version=0.0",
        "--format=posix -S --sparse-version=0.1",
        "--format=posix -S --sparse-version=1.0"
      })
  void whatGnuTarWritesIsReadWhole(String format) throws Exception {
    Path archive = folder.resolve("archive.tar");
    try (Root source = made("source");
        Root target = made("target")) {
      fill(source);
      List<String> arguments = new ArrayList<>(List.of(format.split(" ", -1)));
      boolean posix = format.contains("posix");
      if (posix) {
        arguments.addAll(List.of("--xattrs", "--xattrs-include=user.*"));
      }
      arguments.addAll(
          List.of("-C", folder.resolve("source").toString(), "-cf", archive.toString(), "."));
      tar(arguments.toArray(String[]::new));
      unpack(target, Files.readAllBytes(archive));

      compare(source, target, RawPath.ROOT, posix);
      if (format.contains("-S")) {
        assertThat(target.lstat(RawPath.of("sparse")).blocks()).isLessThan(1000);
      }
    }
  }

  @Test
  void whatWeWriteIsReadWholeByGnuTarAndByUs() throws Exception {
    Path archive = folder.resolve("archive.tar");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Root source = made("source");
        Root byGnu = made("gnu");
        Root byUs = made("us")) {
      fill(source);
      try (TarWriter writer = new TarWriter(bytes)) {
        new TreeReader(source, writer).putTree(RawPath.ROOT, RawPath.ROOT);
      }
      Files.write(archive, bytes.toByteArray());
      tar(
          "--xattrs",
          "--xattrs-include=user.*",
          "--numeric-owner",
          "-C",
          folder.resolve("gnu").toString(),
          "-xpf",
          archive.toString());
      unpack(byUs, bytes.toByteArray());

      compare(source, byGnu, RawPath.ROOT, true);
      compare(source, byUs, RawPath.ROOT, true);
    }
  }
}
