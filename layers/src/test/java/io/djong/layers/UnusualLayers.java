package io.djong.layers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.content.tar.TarEntry;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.layers.tar.Xattrs;
import io.djong.linux.FileInput;
import io.djong.linux.FileStatus;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.RawPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Layers that are larger, longer or finer than most, for both ways to keep them.
public abstract class UnusualLayers {
  private static final long GIB = 1L << 30;
  private static final byte[] CAPABILITY = {
    1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  @TempDir protected Path folder;
  private OverlaySnapshotter snapshots;

  /// The one of this test.
  protected abstract OverlaySnapshotter open(Path store) throws IOException;

  @BeforeEach
  void setUp() throws IOException {
    snapshots = open(folder.resolve("store"));
  }

  @AfterEach
  void close() throws IOException {
    snapshots.close();
  }

  private MountedTree mount(Snapshot.Active active) throws IOException {
    return new MountedTree(folder.resolve("mnt"), active.mounts());
  }

  private MountedTree view(String key, ChainId chain) throws IOException {
    return new MountedTree(folder.resolve("mnt"), snapshots.view(key, chain).mounts());
  }

  private byte[] diff(Snapshot.Active active) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    snapshots.diff(active, out);
    return out.toByteArray();
  }

  @Test
  void aFileOfMoreThanFourGibibytes() throws Exception {
    Path source = Files.createDirectory(folder.resolve("source"));
    long size = 5 * GIB + 12_345;
    List<Long> marks = List.of(1L, 2 * GIB - 3, 4 * GIB - 3, 4 * GIB + 4096, size - 5);
    try (RandomAccessFile file = new RandomAccessFile(source.resolve("large").toFile(), "rw")) {
      file.setLength(size);
      for (long mark : marks) {
        file.seek(mark);
        file.write(text(mark));
      }
    }
    for (String format : List.of("gnu", "posix")) {
      Path tar = folder.resolve(format + ".tar");
      Process packing =
          new ProcessBuilder(
                  List.of(
                      "tar",
                      "-S",
                      "--format=" + format,
                      "-C",
                      source.toString(),
                      "-cf",
                      tar.toString(),
                      "."))
              .inheritIO()
              .start();
      assertThat(packing.waitFor()).isZero();
      byte[] layer = Files.readAllBytes(tar);
      ChainId chain = Tars.add(snapshots, null, layer).chain();

      try (MountedTree tree = view(format, chain);
          RandomAccessFile file = new RandomAccessFile(tree.path("large").toFile(), "r")) {
        assertThat(file.length()).isEqualTo(size);
        byte[] got = new byte[4];
        for (long mark : marks) {
          file.seek(mark);
          file.readFully(got);
          assertThat(got).as("at " + mark).isEqualTo(text(mark));
        }
        file.seek(3 * GIB);
        file.readFully(got);
        assertThat(got).containsOnly(0);
      }
    }
    assertThat(snapshots.checkAll()).isEmpty();
  }

  private static byte[] text(long mark) {
    return "%04d".formatted(mark % 10_000).getBytes(UTF_8);
  }

  @Test
  void aFolderWithAHundredThousandEntries() throws IOException {
    Tars tar = new Tars().folder("many");
    int files = 5;
    for (int i = 0; i < files; i++) {
      tar.file("many/file-" + i, "content " + i);
    }
    // Names are what counts here; a disk makes links faster than files.
    for (int i = files; i < 100_000; i++) {
      tar.hardLink("many/file-" + i, "many/file-" + i % files);
    }
    ChainId chain = Tars.add(snapshots, null, tar.bytes()).chain();

    Snapshot.Active active = snapshots.prepare("a", chain);
    try (MountedTree tree = mount(active);
        Root root = Root.open(tree.path(""))) {
      List<RawPath> names = root.list(RawPath.of("many"));
      assertThat(names).hasSize(100_000).doesNotHaveDuplicates();
      for (int i : new int[] {0, 1, 9_999, 50_000, 77_777, 99_999}) {
        assertThat(tree.path("many/file-" + i)).hasContent("content " + i % files);
      }
      assertThat(root.find(RawPath.of("many/file-100000"))).isNull();
      assertThat(root.find(RawPath.of("many/file"))).isNull();
      Files.delete(tree.path("many/file-77777"));
      Files.writeString(tree.path("many/file-100000"), "one more");
    }
    assertThat(Tars.names(diff(active)))
        .containsExactly("many", "many/file-100000", "many/.wh.file-77777");
    assertThat(snapshots.checkAll()).isEmpty();
  }

  @Test
  void namesOf255BytesThatAreNotText() throws IOException {
    byte[] gone = name(0x80);
    byte[] kept = name(0xfe);
    byte[] made = name(0xc3);
    Tars tar = new Tars().folder("d");
    for (byte[] name : List.of(gone, kept)) {
      tar.put(TarEntry.file("x", 0644, 1, Tars.TIME).withName(RawPath.of("d").resolve(name)), "x");
    }
    ChainId chain = Tars.add(snapshots, null, tar.bytes()).chain();
    Snapshot.Active active = snapshots.prepare("a", chain);
    try (MountedTree tree = mount(active);
        Root root = Root.open(tree.path("d"))) {
      assertThat(root.list(RawPath.ROOT))
          .containsExactlyInAnyOrder(RawPath.of(gone), RawPath.of(kept));
      root.unlink(RawPath.of(gone));
      root.create(RawPath.of(made), 0644).close();
    }

    ChainId above = Tars.add(snapshots, chain, diff(active)).chain();
    try (MountedTree tree = view("v", above);
        Root root = Root.open(tree.path("d"))) {
      assertThat(root.list(RawPath.ROOT))
          .containsExactlyInAnyOrder(RawPath.of(made), RawPath.of(kept));
    }
  }

  private static byte[] name(int first) {
    byte[] name = new byte[255];
    for (int i = 0; i < name.length; i++) {
      name[i] = (byte) (i % 3 == 0 ? first : 0xff);
    }
    return name;
  }

  @Test
  void fileCapabilitiesAreKept() throws IOException {
    TreeMap<String, byte[]> xattrs = new TreeMap<>();
    xattrs.put("security.capability", CAPABILITY);
    Tars tar =
        new Tars()
            .folder("bin")
            .put(
                TarEntry.file("bin/ping", 0755, 4, Tars.TIME).withOwner(0, 7).withXattrs(xattrs),
                "ping");
    ChainId chain = Tars.add(snapshots, null, tar.bytes()).chain();
    Snapshot.Active active = snapshots.prepare("a", chain);
    RawPath ping = RawPath.of("bin/ping");
    try (MountedTree tree = mount(active);
        Root root = Root.open(tree.path(""))) {
      assertThat(capability(root, ping)).isEqualTo(CAPABILITY);
      // Copied up, it is still there.
      root.setTimes(ping, Tars.TIME, Tars.TIME);
      assertThat(capability(root, ping)).isEqualTo(CAPABILITY);
      root.create(RawPath.of("bin/new"), 0755).close();
      root.setXattr(RawPath.of("bin/new"), "security.capability".getBytes(UTF_8), CAPABILITY);
    }

    ChainId above = Tars.add(snapshots, chain, diff(active)).chain();
    try (MountedTree tree = view("v", above);
        Root root = Root.open(tree.path(""))) {
      assertThat(capability(root, ping)).isEqualTo(CAPABILITY);
      assertThat(capability(root, RawPath.of("bin/new"))).isEqualTo(CAPABILITY);
    }
  }

  private static byte[] capability(Root root, RawPath path) throws IOException {
    return Xattrs.of(root, path).get("security.capability");
  }

  @Test
  void timesBelowASecondAndFarAway() throws IOException {
    List<Instant> times =
        List.of(
            Instant.ofEpochSecond(1_700_000_000, 1),
            Instant.ofEpochSecond(1_700_000_000, 999_999_999),
            Instant.ofEpochSecond(-86_400, 500_000_000),
            Instant.ofEpochSecond(0, 0),
            // After 2038, and the last year that ext4 can say.
            Instant.ofEpochSecond(4_000_000_000L, 123),
            Instant.parse("2446-01-01T00:00:00.000000007Z"));
    Tars tar = new Tars();
    for (int i = 0; i < times.size(); i++) {
      tar.put(TarEntry.folder("d" + i, 0755, times.get(i)), "");
      tar.put(TarEntry.file("d" + i + "/f", 0644, 1, times.get(i)), "x");
      tar.put(TarEntry.symlink("d" + i + "/l", "f", times.get(i)), "");
    }
    ChainId chain = Tars.add(snapshots, null, tar.bytes()).chain();
    Snapshot.Active active = snapshots.prepare("a", chain);
    try (MountedTree tree = mount(active);
        Root root = Root.open(tree.path(""))) {
      for (int i = 0; i < times.size(); i++) {
        for (String name : List.of("d" + i, "d" + i + "/f", "d" + i + "/l")) {
          assertThat(root.lstat(RawPath.of(name)).modified()).as(name).isEqualTo(times.get(i));
        }
      }
      root.create(RawPath.of("new"), 0644).close();
      root.setTimes(RawPath.of("new"), times.get(1), times.get(1));
    }

    ChainId above = Tars.add(snapshots, chain, diff(active)).chain();
    try (MountedTree tree = view("v", above);
        Root root = Root.open(tree.path(""))) {
      assertThat(root.lstat(RawPath.of("new")).modified()).isEqualTo(times.get(1));
    }
  }

  @Test
  void aHoleStaysAHoleInWhatChanged() throws IOException {
    Snapshot.Active active =
        snapshots.prepare(
            "a", Tars.add(snapshots, null, new Tars().file("a", "a").bytes()).chain());
    try (MountedTree tree = mount(active);
        RandomAccessFile file = new RandomAccessFile(tree.path("holes").toFile(), "rw")) {
      file.setLength(3 << 20);
      file.seek(1 << 20);
      file.write("middle".getBytes(UTF_8));
    }
    ChainId above = Tars.add(snapshots, active.parent(), diff(active)).chain();
    byte[] expected = new byte[3 << 20];
    System.arraycopy("middle".getBytes(UTF_8), 0, expected, 1 << 20, 6);
    try (MountedTree tree = view("v", above);
        Root root = Root.open(tree.path(""));
        FileInput in = root.read(RawPath.of("holes"))) {
      FileStatus status = in.status();
      assertThat(status.size()).isEqualTo(expected.length);
      assertThat(Arrays.equals(in.readAllBytes(), expected)).isTrue();
    }
  }

  @Test
  void everyLayerOfAHighStackIsFoundAgain() throws IOException {
    List<ChainId> chains = new ArrayList<>();
    ChainId chain = null;
    for (int i = 0; i < 130; i++) {
      chain = Tars.add(snapshots, chain, new Tars().file("same", "layer " + i).bytes()).chain();
      chains.add(chain);
    }
    Snapshot.Active active = snapshots.prepare("a", chain);
    try (MountedTree tree = mount(active)) {
      assertThat(tree.path("same")).hasContent("layer 129");
    }
    try (MountedTree tree = view("v", chains.get(126))) {
      assertThat(tree.path("same")).hasContent("layer 126");
    }
    try (InputStream kept =
        snapshots.openTar(Digest.of(new Tars().file("same", "layer 60").bytes()))) {
      assertThat(kept != null).isEqualTo(snapshots.keepsTars());
    }
    assertThat(snapshots.checkAll()).isEmpty();
  }
}
