package io.djong.layers.erofs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.layers.ChainId;
import io.djong.layers.MountedTree;
import io.djong.layers.Tars;
import io.djong.layers.UnusualLayers;
import io.djong.layers.overlay.LayerForm;
import io.djong.layers.overlay.LayerStack;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.linux.FileInput;
import io.djong.linux.MountPoint;
import io.djong.linux.Mounts;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnusualIndexedLayerTest extends UnusualLayers {
  private static final long GIB = 1L << 30;
  private static final byte[] ZEROS = new byte[1 << 16];
  private final Mounts mounts = new Mounts();

  @Override
  protected OverlaySnapshotter open(Path store) throws IOException {
    return new OverlaySnapshotter(store, new ErofsLayers(folder.resolve("exec"), mounts, "a test"));
  }

  @AfterEach
  void unmount() throws IOException {
    for (MountPoint point : mounts.below(folder).reversed()) {
      mounts.unmount(Path.of("/" + point.path()), true);
    }
  }

  /// The tar is as large as its file, but has a hole in its place.
  @Test
  void aFileOfMoreThanFourGibibytesWithoutHoles() throws IOException {
    long size = 4 * GIB + 777;
    Path layer = Files.createDirectory(folder.resolve("layer"));
    try (RandomAccessFile tar = new RandomAccessFile(layer.resolve("tar").toFile(), "rw")) {
      try (TarWriter writer = new TarWriter(new Sparse(tar))) {
        writer.put(TarEntry.file("large", 0644, size, Instant.EPOCH), new Zeros());
        writer.put(TarEntry.symlink("after", "large", Instant.EPOCH));
      }
      tar.seek(512 + 4 * GIB + 100);
      tar.write("beyond".getBytes(US_ASCII));
      tar.seek(512 + size - 3);
      tar.write("end".getBytes(US_ASCII));
    }
    ErofsLayers form = new ErofsLayers(folder.resolve("exec"), mounts, "a test");
    try (Root root = Root.open(layer)) {
      LayerForm.Made made;
      try (FileInput tar = root.read(RawPath.of("tar"))) {
        ChainId chain = ChainId.of(List.of(Digest.of(new byte[0])));
        made = form.build(root, RawPath.ROOT, tar, LayerStack.none(), chain);
      }
      assertThat(made.size()).isEqualTo(size + 5);
      Path tree = form.open("large", layer, made);
      try (RandomAccessFile file = new RandomAccessFile(tree.resolve("after").toFile(), "r")) {
        assertThat(file.length()).isEqualTo(size);
        byte[] got = new byte[6];
        file.seek(4 * GIB + 100);
        file.readFully(got);
        assertThat(new String(got, US_ASCII)).isEqualTo("beyond");
        file.seek(size - 3);
        file.readFully(got, 0, 3);
        assertThat(new String(got, 0, 3, US_ASCII)).isEqualTo("end");
        assertThat(file.read()).isNegative();
      }
      form.release("large");
    }
  }

  /// Writes zeros as holes.
  private static final class Sparse extends OutputStream {
    private final RandomAccessFile file;

    Sparse(RandomAccessFile file) {
      this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
      file.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > ZEROS.length
          || !Arrays.equals(bytes, offset, offset + length, ZEROS, 0, length)) {
        file.write(bytes, offset, length);
      } else {
        file.seek(file.getFilePointer() + length);
        file.setLength(file.getFilePointer());
      }
    }
  }

  private static final class Zeros extends InputStream {
    @Override
    public int read() {
      return 0;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      Arrays.fill(into, offset, offset + length, (byte) 0);
      return length;
    }
  }

  @Test
  void aHundredThousandFilesOfTheirOwn() throws IOException {
    Tars tar = new Tars();
    for (int i = 0; i < 100_000; i++) {
      tar.file("f" + i, i % 1000 == 0 ? "content " + i : "");
    }
    try (OverlaySnapshotter snapshots = open(folder.resolve("many"))) {
      ChainId chain = Tars.add(snapshots, null, tar.bytes()).chain();
      try (MountedTree tree =
              new MountedTree(folder.resolve("m"), snapshots.view("v", chain).mounts());
          var all = Files.list(tree.path(""))) {
        assertThat(all.count()).isEqualTo(100_000);
        assertThat(tree.path("f99000")).hasContent("content 99000");
        assertThat(tree.path("f99999")).isEmptyFile();
      }
    }
  }
}
