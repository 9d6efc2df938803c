package io.djong.layers.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.content.tar.TarEntry;
import io.djong.layers.ChainId;
import io.djong.layers.MountedTree;
import io.djong.layers.Snapshotter;
import io.djong.layers.Tars;
import io.djong.layers.TreeComparison;
import io.djong.layers.TreeComparison.Times;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.linux.MountPoint;
import io.djong.linux.Mounts;
import io.djong.linux.Root;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stacks of random layers whose entries are in each other's way: replaced by others, reached
/// through links, removed and made again. Both ways to keep layers refuse the same ones, and show
/// the same trees of the others.
class AgreementTest {
  private static final int STACKS = Integer.getInteger("djong.agreement.stacks", 30);
  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  @TempDir Path folder;
  private final Mounts mounts = new Mounts();

  @AfterEach
  void close() throws IOException {
    for (MountPoint point : mounts.below(folder).reversed()) {
      mounts.unmount(Path.of("/" + point.path()), true);
    }
  }

  @Test
  void bothWaysToKeepLayersAgreeOnRandomStacks() throws IOException {
    try (OverlaySnapshotter unpacked = new OverlaySnapshotter(folder.resolve("overlay"));
        OverlaySnapshotter indexed =
            new OverlaySnapshotter(
                folder.resolve("erofs"),
                new ErofsLayers(folder.resolve("exec"), mounts, "a test"))) {
      int shown = 0;
      for (int seed = 0; seed < STACKS; seed++) {
        Random random = new Random(seed);
        ChainId chain = null;
        for (int layer = 0; layer < 3; layer++) {
          byte[] tar = layer(random, layer > 0);
          ChainId first = add(unpacked, chain, tar);
          ChainId second = add(indexed, chain, tar);
          assertThat(second).as("stack %d layer %d", seed, layer).isEqualTo(first);
          chain = first == null ? chain : first;
        }
        if (chain != null) {
          String key = "v" + seed;
          assertThat(tree(indexed, key, chain))
              .as("stack %d", seed)
              .isEqualTo(tree(unpacked, key, chain));
          shown++;
        }
      }
      assertThat(shown).isGreaterThan(STACKS / 2);
      assertThat(indexed.checkAll()).isEmpty();
    }
  }

  /// @return null if it was refused
  private static @Nullable ChainId add(Snapshotter to, @Nullable ChainId parent, byte[] tar)
      throws IOException {
    try {
      return Tars.add(to, parent, tar).chain();
    } catch (Fault.Invalid e) {
      return null;
    }
  }

  private Map<String, String> tree(Snapshotter snapshots, String key, ChainId chain)
      throws IOException {
    try (MountedTree tree =
            new MountedTree(folder.resolve("mnt"), snapshots.view(key, chain).mounts());
        Root root = Root.open(tree.path(""))) {
      return TreeComparison.of(root, Times.FILES);
    }
  }

  private static byte[] layer(Random random, boolean marks) {
    Tars tar = new Tars();
    int entries = 1 + random.nextInt(14);
    for (int i = 0; i < entries; i++) {
      Instant time = Instant.ofEpochSecond(random.nextInt(1 << 30), random.nextInt(1_000_000_000));
      String path = path(random, 1 + random.nextInt(3));
      switch (random.nextInt(marks ? 14 : 11)) {
        case 0, 1, 2 -> tar.put(TarEntry.folder(path, mode(random), time), "");
        case 3, 4 -> {
          String target = (random.nextBoolean() ? "/" : "") + path(random, random.nextInt(3));
          tar.put(TarEntry.symlink(path, target.isEmpty() ? ".." : target, time), "");
        }
        case 5 -> tar.put(TarEntry.symlink(path, "../" + path(random, 1), time), "");
        case 6 -> tar.put(TarEntry.hardLink(path, path(random, 1 + random.nextInt(2)), time), "");
        case 7 -> tar.put(node(path, mode(random), time), "");
        case 11 -> tar.file(sibling(path, ".wh." + NAMES.get(random.nextInt(4))), "");
        case 12 -> tar.file(sibling(path, ".wh." + NAMES.get(random.nextInt(4))), "");
        case 13 -> tar.file(sibling(path, ".wh..wh..opq"), "");
        default -> {
          String content = "x".repeat(random.nextInt(2000));
          tar.put(TarEntry.file(path, mode(random), content.length(), time), content);
        }
      }
    }
    return tar.bytes();
  }

  private static TarEntry node(String path, int mode, Instant time) {
    return new TarEntry(
        TarEntry.Kind.CHARACTER_DEVICE,
        RawPath.of(path),
        mode,
        1,
        2,
        0,
        time,
        null,
        new byte[0],
        1,
        3,
        new java.util.TreeMap<>(Map.of("user.x", "y".getBytes(StandardCharsets.UTF_8))));
  }

  private static int mode(Random random) {
    return random.nextInt(010000);
  }

  private static String path(Random random, int depth) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      path.append(i == 0 ? "" : "/").append(NAMES.get(random.nextInt(NAMES.size())));
    }
    return path.toString();
  }

  private static String sibling(String path, String name) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? name : path.substring(0, slash + 1) + name;
  }
}
