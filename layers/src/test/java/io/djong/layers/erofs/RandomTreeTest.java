package io.djong.layers.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.layers.ChainId;
import io.djong.layers.MountedTree;
import io.djong.layers.Snapshotter;
import io.djong.layers.TreeComparison;
import io.djong.layers.TreeComparison.Times;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.linux.FileKind;
import io.djong.linux.FileOutput;
import io.djong.linux.MountPoint;
import io.djong.linux.Mounts;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Random trees, packed by GNU tar: both ways to keep a layer show what GNU tar unpacks.
class RandomTreeTest {
  private static final int ENTRIES = Integer.getInteger("djong.trees.entries", 250);
  private static final int[] SIZES = {0, 1, 511, 512, 513, 4095, 4096, 4097, 70_000, 300_001};

  @TempDir Path folder;
  private final Mounts mounts = new Mounts();
  private OverlaySnapshotter unpacked;
  private OverlaySnapshotter indexed;

  @BeforeEach
  void open() throws IOException {
    unpacked = new OverlaySnapshotter(folder.resolve("overlay"));
    indexed =
        new OverlaySnapshotter(
            folder.resolve("erofs"), new ErofsLayers(folder.resolve("exec"), mounts, "a test"));
  }

  @AfterEach
  void close() throws IOException {
    unpacked.close();
    indexed.close();
    for (MountPoint point : mounts.below(folder).reversed()) {
      mounts.unmount(Path.of("/" + point.path()), true);
    }
  }

  private void tar(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("tar", "--warning=no-timestamp"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "1, posix, 1.0",
    "2, posix, 0.1",
    "3, posix, 0.0",
    "4, gnu, 1.0",
    "5, posix, 1.0",
    "6, posix, 1.0",
    "7, gnu, 1.0"
  })
  void allAgreeOnATree(long seed, String format, String sparse) throws Exception {
    Path made = Files.createDirectory(folder.resolve("made"));
    try (Root root = Root.open(made)) {
      new Trees(new Random(seed), root).fill();
    }
    Path tar = folder.resolve("layer.tar");
    List<String> pack =
        new ArrayList<>(
            List.of("-C", made.toString(), "--numeric-owner", "-S", "--format=" + format));
    if (format.equals("posix")) {
      pack.addAll(List.of("--xattrs", "--xattrs-include=*", "--sparse-version=" + sparse));
    }
    pack.addAll(List.of("-cf", tar.toString(), "."));
    tar(pack.toArray(String[]::new));
    Path witness = Files.createDirectory(folder.resolve("witness"));
    tar(
        "-C",
        witness.toString(),
        "--numeric-owner",
        "--xattrs",
        "--xattrs-include=*",
        "-xpf",
        tar.toString());

    Map<String, String> expected = seen(witness);
    assertThat(shown(unpacked, tar)).as("overlay").isEqualTo(expected);
    assertThat(shown(indexed, tar)).as("erofs").isEqualTo(expected);
    assertThat(indexed.checkAll()).isEmpty();
  }

  private static Map<String, String> seen(Path tree) throws IOException {
    try (Root root = Root.open(tree)) {
      return TreeComparison.of(root, Times.ALL);
    }
  }

  private Map<String, String> shown(Snapshotter snapshots, Path tar) throws IOException {
    ChainId chain;
    try (InputStream in = Files.newInputStream(tar)) {
      chain = snapshots.add(null, in, Digest.of(Files.readAllBytes(tar))).chain();
    }
    try (MountedTree tree =
        new MountedTree(folder.resolve("mnt"), snapshots.view("v", chain).mounts())) {
      return seen(tree.path(""));
    }
  }

  /// Makes a tree.
  private static final class Trees {
    private final Random random;
    private final Root root;
    private final List<RawPath> folders = new ArrayList<>(List.of(RawPath.ROOT));
    private final List<RawPath> files = new ArrayList<>();

    Trees(Random random, Root root) {
      this.random = random;
      this.root = root;
    }

    void fill() throws IOException {
      for (int i = 0; i < ENTRIES; i++) {
        RawPath path = folders.get(random.nextInt(folders.size())).resolve(name(i));
        switch (random.nextInt(12)) {
          case 0, 1 -> {
            root.mkdir(path, 0700);
            folders.add(path);
            attributes(path);
          }
          case 2 -> root.symlink(target(), path);
          case 3 -> {
            root.mknod(path, FileKind.CHARACTER_DEVICE, 0600, 1 + random.nextInt(400), 70_000);
            root.chmod(path, random.nextInt(010000));
          }
          case 4 -> root.mkfifo(path, 0640);
          case 5 -> {
            if (files.isEmpty()) {
              file(path);
            } else {
              root.link(files.get(random.nextInt(files.size())), path);
            }
          }
          case 6 -> sparse(path);
          default -> file(path);
        }
        if (!root.lstat(path).isSymlink()) {
          continue;
        }
        root.chown(path, random.nextInt(70_000), 5);
        root.setTimes(path, time(), time());
      }
      for (RawPath each : folders.reversed()) {
        root.setTimes(each, time(), time());
      }
    }

    private byte[] name(int i) {
      byte[] serial = ("-" + i).getBytes(StandardCharsets.US_ASCII);
      byte[] name = new byte[random.nextInt(8) == 0 ? 255 : 1 + serial.length + random.nextInt(20)];
      for (int k = 0; k < name.length; k++) {
        int b = random.nextInt(4) == 0 ? random.nextInt(255) + 1 : 'a' + random.nextInt(26);
        name[k] = (byte) (b == '/' ? '_' : b);
      }
      name[0] = (byte) "!-.0Az~\u00ff".charAt(random.nextInt(8));
      System.arraycopy(serial, 0, name, name.length - serial.length, serial.length);
      return name;
    }

    private byte[] target() {
      byte[] target = new byte[1 + random.nextInt(random.nextInt(5) == 0 ? 3000 : 60)];
      for (int k = 0; k < target.length; k++) {
        target[k] = (byte) (k % 30 == 29 ? '/' : 'a' + random.nextInt(26));
      }
      return target;
    }

    private Instant time() {
      return Instant.ofEpochSecond(
          random.nextInt(10) == 0 ? -1000 : random.nextInt(), random.nextInt(1_000_000_000));
    }

    private void file(RawPath path) throws IOException {
      byte[] content = new byte[SIZES[random.nextInt(SIZES.length)]];
      random.nextBytes(content);
      try (FileOutput out = root.create(path, 0600)) {
        out.write(content);
      }
      files.add(path);
      attributes(path);
      root.setTimes(path, time(), time());
    }

    private void sparse(RawPath path) throws IOException {
      try (FileOutput out = root.create(path, 0644)) {
        long size = 0;
        for (int piece = random.nextInt(4); piece >= 0; piece--) {
          int hole = 4096 * random.nextInt(300);
          byte[] content = new byte[1 + random.nextInt(20_000)];
          random.nextBytes(content);
          out.skip(hole);
          out.write(content);
          size += hole + content.length;
        }
        out.truncate(size + random.nextInt(2) * 1_000_000L);
      }
      files.add(path);
      root.setTimes(path, time(), time());
    }

    private void attributes(RawPath path) throws IOException {
      root.chown(path, random.nextInt(3) * 100_000, random.nextInt(1 << 30));
      root.chmod(path, random.nextInt(010000));
      if (random.nextInt(4) == 0) {
        byte[] value = new byte[random.nextInt(900)];
        random.nextBytes(value);
        root.setXattr(path, ("user.k" + random.nextInt(9)).getBytes(StandardCharsets.UTF_8), value);
      }
      if (random.nextInt(10) == 0) {
        byte[] capability = {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        root.setXattr(path, "security.capability".getBytes(StandardCharsets.UTF_8), capability);
      }
    }
  }
}
