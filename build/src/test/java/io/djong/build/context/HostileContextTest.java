package io.djong.build.context;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.Compression;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Contexts that want more than they are.
final class HostileContextTest {
  private static final long ZEROS = 1L << 26;

  @TempDir Path folder = Path.of("");

  private interface Writing {
    void to(TarWriter tar) throws IOException;
  }

  private static byte[] packed(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = Compression.gzip(bytes)) {
      TarWriter tar = new TarWriter(gzip);
      writing.to(tar);
      tar.close();
    }
    return bytes.toByteArray();
  }

  private PackedTree read(byte[] packed) throws IOException {
    try (TreePacker packer = new TreePacker(folder);
        InputStream tar =
            Compression.inflate(new ByteArrayInputStream(packed), Compression.Limits.LAYER)) {
      packer.addTar(tar);
      return packer.finish();
    }
  }

  /// Zeros without end.
  private static InputStream zeros() {
    return new InputStream() {
      @Override
      public int read() {
        return 0;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        java.util.Arrays.fill(bytes, offset, offset + length, (byte) 0);
        return length;
      }
    };
  }

  @Test
  void aBombOfZerosTakesNoDiskAndReadsAsItWas() throws Exception {
    byte[] bomb =
        packed(
            tar -> {
              byte[] end = "end".getBytes(UTF_8);
              tar.put(TarEntry.file("zeros", 0644, ZEROS, Instant.EPOCH), zeros());
              tar.put(
                  TarEntry.file("a", 0644, end.length, Instant.EPOCH),
                  new ByteArrayInputStream(end));
              tar.put(TarEntry.file("z", 0644, 1 << 17, Instant.EPOCH), zeros());
            });

    try (PackedTree tree = read(bomb)) {
      assertThat(blocks(opened())).isLessThan(1000);
      try (InputStream a = tree.open(RawPath.of("a"));
          InputStream z = tree.open(RawPath.of("z"));
          InputStream zeros = tree.open(RawPath.of("zeros"))) {
        assertThat(a.readAllBytes()).asString().isEqualTo("end");
        assertThat(z.readAllBytes()).hasSize(1 << 17).containsOnly(0);
        assertThat(zeros.readNBytes(1 << 17)).hasSize(1 << 17).containsOnly(0);
      }
    }
  }

  /// The contents, which have no name: where this process has them open.
  private Path opened() throws IOException {
    Path descriptors = Path.of("/proc/" + ProcessHandle.current().pid() + "/fd");
    try (Stream<Path> all = Files.list(descriptors)) {
      return all.filter(Files::isSymbolicLink).filter(this::isContents).findFirst().orElseThrow();
    }
  }

  private boolean isContents(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).startsWith(folder.toRealPath());
    } catch (IOException e) {
      return false; // It was closed meanwhile.
    }
  }

  private static long blocks(Path file) throws Exception {
    Process stat = new ProcessBuilder("stat", "-L", "-c", "%b", file.toString()).start();
    return Long.parseLong(new String(stat.getInputStream().readAllBytes(), UTF_8).strip());
  }

  @Test
  void moreFilesThanTheHeapHoldsAreRefused() throws Exception {
    Path contents = folder.resolve("contents");
    try (TreePacker packer =
        new TreePacker(
            FileChannel.open(contents, StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            1 << 20)) {
      TarEntry entry = TarEntry.file("x", 0644, 0, Instant.EPOCH);
      for (int i = 0; i < 700; i++) {
        packer.add(RawPath.of("short" + i), entry, InputStream.nullInputStream());
      }
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 300; i++) {
                  packer.add(RawPath.of("more" + i), entry, InputStream.nullInputStream());
                }
              })
          .isInstanceOf(Fault.Invalid.class)
          .hasMessageContaining(".dockerignore");
    }
  }

  @Test
  void whatLeadsOutIsRefusedAndNothingIsLeft() throws Exception {
    byte[] climbing =
        packed(
            tar ->
                tar.put(
                    TarEntry.file("../../out", 0644, 0, Instant.EPOCH),
                    InputStream.nullInputStream()));
    byte[] linked =
        packed(tar -> tar.put(TarEntry.hardLink("a", "../../../etc/passwd", Instant.EPOCH)));

    for (byte[] wrong : new byte[][] {climbing, linked}) {
      assertThatThrownBy(() -> read(wrong)).isInstanceOf(Fault.Invalid.class);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aContextThatBreaksOffIsRefused() throws Exception {
    byte[] whole =
        packed(tar -> tar.put(TarEntry.file("a", 0644, 1 << 16, Instant.EPOCH), zeros()));

    assertThatThrownBy(() -> read(java.util.Arrays.copyOf(whole, whole.length - 9)))
        .isInstanceOf(Fault.Invalid.class);
  }
}
