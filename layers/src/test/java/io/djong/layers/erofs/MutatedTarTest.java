package io.djong.layers.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.layers.ChainId;
import io.djong.layers.MountedTree;
import io.djong.layers.Snapshotter;
import io.djong.layers.Tars;
import io.djong.layers.TreeComparison;
import io.djong.layers.TreeComparison.Times;
import io.djong.layers.overlay.LayerApplier;
import io.djong.layers.overlay.LayerStack;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.linux.FileOutput;
import io.djong.linux.MountPoint;
import io.djong.linux.Mounts;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tars that went through bad hands: each is refused, or becomes an index that is right in every
/// byte; some of these are mounted, and compared with what is unpacked of the same tar.
@Timeout(value = 3, unit = TimeUnit.HOURS)
class MutatedTarTest {
  private static final int RUNS = Integer.getInteger("djong.fuzz.runs", 50_000);
  private static final long SEED = Long.getLong("djong.fuzz.seed", 1);
  private static final int MOUNTED = 100;
  @TempDir Path folder;
  private final Mounts mounts = new Mounts();

  @AfterEach
  void close() throws IOException {
    for (MountPoint point : mounts.below(folder).reversed()) {
      mounts.unmount(Path.of("/" + point.path()), true);
    }
  }

  @Test
  void aTarIsRefusedOrItsIndexIsRight() throws Exception {
    int survivors = 0;
    List<byte[]> sample = new ArrayList<>();
    List<byte[]> corpus = corpus();
    try (OverlaySnapshotter below = new OverlaySnapshotter(folder.resolve("below"))) {
      ChainId chain = Tars.add(below, null, corpus.getFirst()).chain();
      Path tree = folder.resolve("below/layers/sha256-" + chain.digest().hex() + "/tree");
      for (int run = 0; run < RUNS; run++) {
        Random random = new Random(SEED * 1_000_003 + run);
        byte[] tar = new MutatedTars(random, corpus).next();
        try (LayerStack stack =
            random.nextBoolean() ? LayerStack.none() : LayerStack.of(() -> List.of(tree))) {
          if (isIndexed(tar, stack)) {
            survivors++;
            if (survivors % 37 == 0 && sample.size() < MOUNTED && isSmall(tar)) {
              sample.add(tar);
            }
          }
        } catch (RuntimeException | IOException | AssertionError e) {
          throw new AssertionError("run " + run + " of seed " + SEED, e);
        }
      }
    }
    assertThat(survivors).isBetween(RUNS / 20, RUNS - RUNS / 20);
    compare(sample);
  }

  private static boolean isIndexed(byte[] tar, LayerStack below) throws IOException {
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    try {
      IndexedTree tree = new IndexedTree(below::folderEntry, new IndexLimits());
      TarReader reader = TarReader.passingOver(new ByteArrayInputStream(tar));
      new LayerApplier(tree, below).apply(reader);
      IndexOutput out = new IndexOutput(index);
      new IndexWriter(
              IndexLayout.of(tree.root()), (into, from) -> read(tar, into, from), tar.length, out)
          .write(Digest.of(tar));
      out.flush();
    } catch (Fault.Invalid e) {
      return false;
    }
    IndexCheck.check(index.toByteArray(), tar.length);
    return true;
  }

  private static int read(byte[] tar, ByteBuffer into, long from) {
    int length = (int) Math.min(into.remaining(), tar.length - from);
    if (length <= 0) {
      return -1;
    }
    into.put(tar, (int) from, length);
    return length;
  }

  /// Whether all its files can be read in no time.
  private static boolean isSmall(byte[] tar) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(tar));
    long size = 0;
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      size += entry.size();
    }
    return size < 1 << 26;
  }

  private void compare(List<byte[]> sample) throws IOException {
    assertThat(sample).isNotEmpty();
    try (OverlaySnapshotter unpacked = new OverlaySnapshotter(folder.resolve("overlay"));
        OverlaySnapshotter indexed =
            new OverlaySnapshotter(
                folder.resolve("erofs"),
                new ErofsLayers(folder.resolve("layers"), mounts, "a test"))) {
      int number = 0;
      for (byte[] tar : sample) {
        String key = "v" + number++;
        Map<String, String> one = tree(unpacked, key, tar);
        // A disk refuses some that an index takes: names longer than its own, times it cannot say.
        if (one != null) {
          assertThat(tree(indexed, key, tar)).as(key).isEqualTo(one);
        }
      }
    }
  }

  private @Nullable Map<String, String> tree(Snapshotter snapshots, String key, byte[] tar)
      throws IOException {
    ChainId chain;
    try {
      chain = snapshots.add(null, new ByteArrayInputStream(tar), Digest.of(tar)).chain();
    } catch (Fault.Invalid e) {
      return null;
    }
    try (MountedTree tree =
            new MountedTree(folder.resolve("mnt"), snapshots.view(key, chain).mounts());
        Root root = Root.open(tree.path(""))) {
      return TreeComparison.of(root, Times.FILES);
    }
  }

  private List<byte[]> corpus() throws Exception {
    TreeMap<String, byte[]> xattrs = new TreeMap<>();
    xattrs.put("user.x", new byte[] {1, 0, 2});
    xattrs.put(
        "security.capability",
        new byte[] {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    Tars plain =
        new Tars()
            .folder("a")
            .put(TarEntry.file("a/b", 04755, 5, Tars.TIME).withXattrs(xattrs), "hello")
            .file("a/" + "long".repeat(40), "x".repeat(700))
            .symlink("a/l", "b")
            .symlink("d", "/a")
            .hardLink("a/h", "a/b")
            .file("d/through", "t");
    Tars marks =
        new Tars()
            .folder("a")
            .file("a/.wh.b", "")
            .file("a/c", "c")
            .file("x/y/z", "deep")
            .file("x/.wh..wh..opq", "")
            .file(".wh.d", "");
    List<byte[]> all = new ArrayList<>(List.of(plain.bytes(), marks.bytes()));
    Path sparse = Files.createDirectories(folder.resolve("corpus"));
    try (Root root = Root.open(sparse);
        FileOutput file = root.create(RawPath.of("sparse"), 0644)) {
      for (int i = 0; i < 6; i++) {
        file.skip(8192);
        file.write("piece".repeat(100 + i).getBytes(StandardCharsets.UTF_8));
      }
    }
    for (String format : List.of("gnu", "posix 0.0", "posix 0.1", "posix 1.0")) {
      Path tar = folder.resolve("corpus-" + format.replace(' ', '-'));
      List<String> command =
          new ArrayList<>(
              List.of("tar", "-S", "-C", sparse.toString(), "--format", format.split(" ", -1)[0]));
      if (format.startsWith("posix")) {
        command.add("--sparse-version=" + format.substring(6));
      }
      command.addAll(List.of("-b", "2", "-cf", tar.toString(), "sparse"));
      assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
      all.add(Files.readAllBytes(tar));
    }
    return all;
  }
}
