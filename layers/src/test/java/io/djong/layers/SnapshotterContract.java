package io.djong.layers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.layers.Snapshotter.Change;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every Snapshotter must do, on the real kernel and as root.
public interface SnapshotterContract {
  /// Opens the one of this test, also again after it was closed.
  Snapshotter open() throws IOException;

  /// An empty folder of this test alone.
  Path folder();

  default MountedTree mount(Snapshot.Active active) throws IOException {
    return new MountedTree(folder().resolve("mnt-" + active.key()), active.mounts());
  }

  default MountedTree mount(Snapshot.View view) throws IOException {
    return new MountedTree(folder().resolve("mnt-" + view.key()), view.mounts());
  }

  default byte[] diff(Snapshotter snapshots, Snapshot.Active active) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Digest diffId = snapshots.diff(active, out);
    assertThat(diffId).isEqualTo(Digest.of(out.toByteArray()));
    return out.toByteArray();
  }

  private static byte[] base() {
    return new Tars()
        .folder("etc")
        .file("etc/passwd", "root")
        .file("etc/motd", "hello")
        .folder("opt")
        .folder("opt/old")
        .file("opt/old/a", "a")
        .symlink("lib", "usr/lib")
        .folder("usr/lib")
        .bytes();
  }

  @Test
  default void aLayerIsThereAfterItWasAddedAndAfterARestart() throws IOException {
    Snapshotter snapshots = open();
    Snapshot.Committed layer = Tars.add(snapshots, null, base());

    assertThat(layer.chain()).isEqualTo(ChainId.of(List.of(Digest.of(base()))));
    assertThat(snapshots.contains(layer.chain())).isTrue();
    assertThat(snapshots.usage(layer)).isPositive();
    assertThat(open().contains(layer.chain())).isTrue();
    try (var all = open().list()) {
      assertThat(all).containsExactly(layer);
    }
  }

  @Test
  default void whatOnlyHoldsThePlaceOfAMountIsNoChange() throws IOException {
    Snapshotter snapshots = open();
    Snapshot.Committed layer = Tars.add(snapshots, null, base());
    Snapshot.Active active = snapshots.prepare("place", layer.chain());
    byte[] placeholder = Snapshotter.PLACEHOLDER.getBytes(UTF_8);
    try (MountedTree tree = mount(active);
        Root root = Root.open(tree.path(""))) {
      for (String name : List.of("filled", "kept", "place")) {
        root.create(RawPath.of(name), 0644).close();
        root.setXattr(RawPath.of(name), placeholder, new byte[0]);
      }
      root.removeXattr(RawPath.of("kept"), placeholder);
      Files.writeString(tree.path("filled"), "x");
    }

    assertThat(snapshots.changes(active).stream().map(Change::path))
        .containsExactly("/filled", "/kept");
  }

  @Test
  default void aLayerThatIsThereIsNotReadAgain() throws IOException {
    Snapshotter snapshots = open();
    Snapshot.Committed layer = Tars.add(snapshots, null, base());

    assertThat(snapshots.add(null, InputStream.nullInputStream(), Digest.of(base())))
        .isEqualTo(layer);
  }

  @Test
  default void bytesThatAreNotWhatWasPromisedLeaveNothingBehind() throws IOException {
    Snapshotter snapshots = open();
    byte[] truncated = Arrays.copyOf(base(), 1200);

    assertThatThrownBy(
            () -> snapshots.add(null, new ByteArrayInputStream(base()), Digest.of(new byte[1])))
        .isInstanceOf(Fault.Invalid.class);
    assertThatThrownBy(
            () -> snapshots.add(null, new ByteArrayInputStream(truncated), Digest.of(truncated)))
        .isInstanceOf(Fault.Invalid.class);
    assertThatThrownBy(
            () ->
                snapshots.add(
                    null, new ByteArrayInputStream("no tar".getBytes(UTF_8)), Digest.of(base())))
        .isInstanceOf(Fault.Invalid.class);
    try (var all = snapshots.list()) {
      assertThat(all).isEmpty();
    }
  }

  @Test
  default void whatFollowsTheArchiveBelongsToItsDigest() throws IOException {
    byte[] longer = Arrays.copyOf(base(), base().length + 100_000);
    longer[longer.length - 1] = 1;

    Snapshot.Committed layer = Tars.add(open(), null, longer);
    assertThat(layer.chain().digest()).isEqualTo(Digest.of(longer));
  }

  @Test
  default void nothingStandsOnALayerThatIsNotThere() throws IOException {
    Snapshotter snapshots = open();
    ChainId missing = ChainId.of(List.of(Digest.of(new byte[0])));

    assertThatThrownBy(() -> Tars.add(snapshots, missing, base()))
        .isInstanceOf(Fault.NotFound.class);
    assertThatThrownBy(() -> snapshots.prepare("a", missing)).isInstanceOf(Fault.NotFound.class);
    assertThatThrownBy(() -> snapshots.view("a", missing)).isInstanceOf(Fault.NotFound.class);
    assertThat(snapshots.active("a")).isNull();
  }

  @Test
  default void aTreeIsWrittenWithoutChangingItsLayers() throws IOException {
    Snapshotter snapshots = open();
    ChainId chain = Tars.add(snapshots, null, base()).chain();
    Snapshot.Active one = snapshots.prepare("one", chain);
    Snapshot.Active two = snapshots.prepare("two", chain);

    try (MountedTree tree = mount(one)) {
      Files.writeString(tree.path("etc/passwd"), "changed");
      Files.delete(tree.path("etc/motd"));
    }
    try (MountedTree tree = mount(two)) {
      assertThat(tree.path("etc/passwd")).hasContent("root");
      assertThat(tree.path("etc/motd")).hasContent("hello");
    }
    Snapshot.Active again = open().active("one");
    assertThat(again).isEqualTo(one);
    try (MountedTree tree = mount(one)) {
      assertThat(tree.path("etc/passwd")).hasContent("changed");
      assertThat(tree.path("etc/motd")).doesNotExist();
    }
  }

  @Test
  default void allFilesOfATreeAreOnOneFileSystem() throws IOException {
    Snapshotter snapshots = open();
    ChainId chain = Tars.add(snapshots, null, base()).chain();
    ChainId two = Tars.add(snapshots, chain, new Tars().file("more", "x").bytes()).chain();
    try (MountedTree tree = mount(snapshots.prepare("a", two));
        Root root = Root.open(tree.path(""))) {
      root.create(RawPath.of("new"), 0644).close();
      long fileSystem = root.stat(RawPath.ROOT).fileSystem();
      for (String path : List.of("etc", "etc/passwd", "more", "new", "lib")) {
        assertThat(root.lstat(RawPath.of(path)).fileSystem()).as(path).isEqualTo(fileSystem);
      }
      long before = root.lstat(RawPath.of("etc/passwd")).inode();
      Files.writeString(tree.path("etc/passwd"), "changed");
      assertThat(root.lstat(RawPath.of("etc/passwd")).inode()).isEqualTo(before);
    }
  }

  @Test
  default void aViewCannotBeWritten() throws IOException {
    Snapshotter snapshots = open();
    ChainId chain = Tars.add(snapshots, null, base()).chain();
    ChainId two = Tars.add(snapshots, chain, new Tars().file("more", "x").bytes()).chain();

    for (Snapshot.View view : List.of(snapshots.view("v1", chain), snapshots.view("v2", two))) {
      try (MountedTree tree = mount(view)) {
        assertThat(tree.path("etc/passwd")).hasContent("root");
        assertThatThrownBy(() -> Files.writeString(tree.path("etc/new"), "x"))
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  default void aKeyIsTakenOnce() throws IOException {
    Snapshotter snapshots = open();
    ChainId chain = Tars.add(snapshots, null, base()).chain();
    snapshots.prepare("key", chain);

    assertThatThrownBy(() -> snapshots.prepare("key", chain)).isInstanceOf(Fault.Conflict.class);
    assertThatThrownBy(() -> snapshots.view("key", chain)).isInstanceOf(Fault.Conflict.class);
    for (String key : List.of("", "..", ".", "a/b", "/a")) {
      assertThatThrownBy(() -> snapshots.prepare(key, chain)).isInstanceOf(Fault.Invalid.class);
    }
  }

  @Test
  default void whatOthersStandOnStays() throws IOException {
    Snapshotter snapshots = open();
    Snapshot.Committed below = Tars.add(snapshots, null, base());
    Snapshot.Committed above =
        Tars.add(snapshots, below.chain(), new Tars().file("x", "x").bytes());
    Snapshot.Active active = snapshots.prepare("active", above.chain());

    assertThatThrownBy(() -> snapshots.remove(below)).isInstanceOf(Fault.Conflict.class);
    assertThatThrownBy(() -> snapshots.remove(above)).isInstanceOf(Fault.Conflict.class);
    snapshots.remove(active);
    snapshots.remove(active);
    snapshots.remove(above);
    snapshots.remove(below);
    snapshots.remove(below);
    try (var all = open().list()) {
      assertThat(all).isEmpty();
    }
  }

  @Test
  default void aStackIsRemovedAsFarAsNothingElseStandsOnIt() throws IOException {
    Snapshotter snapshots = open();
    Snapshot.Committed base = Tars.add(snapshots, null, base());
    Snapshot.Committed shared =
        Tars.add(snapshots, base.chain(), new Tars().file("s", "s").bytes());
    Snapshot.Committed one = Tars.add(snapshots, shared.chain(), new Tars().file("1", "1").bytes());
    Snapshot.Committed top = Tars.add(snapshots, one.chain(), new Tars().file("2", "2").bytes());
    Snapshot.Active active = snapshots.prepare("active", shared.chain());

    assertThat(snapshots.removeUnused(List.of(top, one, shared, base))).containsExactly(top, one);
    assertThat(open().contains(one.chain())).isFalse();
    assertThat(open().contains(shared.chain())).isTrue();
    snapshots.remove(active);
    assertThat(snapshots.removeUnused(List.of(shared, base))).containsExactly(shared, base);
    try (var all = open().list()) {
      assertThat(all).isEmpty();
    }
    assertThat(snapshots.checkAll()).isEmpty();
  }

  @Test
  default void changesAreToldInTheOrderOfThePaths() throws IOException {
    Snapshotter snapshots = open();
    Snapshot.Active active = snapshots.prepare("a", Tars.add(snapshots, null, base()).chain());
    try (MountedTree tree = mount(active)) {
      Files.writeString(tree.path("etc/passwd"), "changed");
      Files.delete(tree.path("etc/motd"));
      Files.writeString(tree.path("etc/new"), "n");
      Files.createDirectories(tree.path("srv/deep"));
      Files.writeString(tree.path("opt/tmp"), "gone again");
      Files.delete(tree.path("opt/tmp"));
    }

    assertThat(snapshots.changes(active))
        .containsExactly(
            new Change(Change.Kind.MODIFIED, "/etc"),
            new Change(Change.Kind.DELETED, "/etc/motd"),
            new Change(Change.Kind.ADDED, "/etc/new"),
            new Change(Change.Kind.MODIFIED, "/etc/passwd"),
            new Change(Change.Kind.MODIFIED, "/opt"),
            new Change(Change.Kind.ADDED, "/srv"),
            new Change(Change.Kind.ADDED, "/srv/deep"));
  }

  @Test
  default void aDiffMakesTheSameTreeOnTheSameStack() throws IOException {
    Snapshotter snapshots = open();
    ChainId chain = Tars.add(snapshots, null, base()).chain();
    Snapshot.Active active = snapshots.prepare("a", chain);
    try (MountedTree tree = mount(active)) {
      Files.delete(tree.path("opt/old/a"));
      Files.delete(tree.path("opt/old"));
      Files.createDirectory(tree.path("opt/old"));
      Files.writeString(tree.path("opt/old/b"), "b");
      Files.createLink(tree.path("opt/old/c"), tree.path("opt/old/b"));
      Files.delete(tree.path("etc/motd"));
      Files.delete(tree.path("lib"));
      Files.createDirectory(tree.path("lib"));
    }
    byte[] diff = diff(snapshots, active);

    assertThat(diff(snapshots, active)).isEqualTo(diff);
    assertThat(Tars.names(diff))
        .containsExactly(
            "etc",
            "etc/.wh.motd",
            "lib",
            "opt",
            "opt/old",
            "opt/old/.wh..wh..opq",
            "opt/old/b",
            "opt/old/c");
    Snapshot.View view = snapshots.view("v", Tars.add(snapshots, chain, diff).chain());
    try (MountedTree tree = mount(view)) {
      assertThat(tree.path("opt/old/a")).doesNotExist();
      assertThat(tree.path("opt/old/b")).hasContent("b");
      assertThat(tree.path("etc/motd")).doesNotExist();
      assertThat(tree.path("etc/passwd")).hasContent("root");
      assertThat(Files.isSymbolicLink(tree.path("lib"))).isFalse();
      assertThat(Files.isSameFile(tree.path("opt/old/b"), tree.path("opt/old/c"))).isTrue();
    }
  }

  @Test
  default void anUnchangedTreeHasAnEmptyDiff() throws IOException {
    Snapshotter snapshots = open();
    Snapshot.Active active = snapshots.prepare("a", Tars.add(snapshots, null, base()).chain());
    try (MountedTree tree = mount(active)) {
      assertThat(Files.readString(tree.path("etc/passwd"))).isEqualTo("root");
    }

    assertThat(snapshots.changes(active)).isEmpty();
    assertThat(Tars.entries(diff(snapshots, active))).isEmpty();
  }

  @Test
  default void aTreeOnNothingIsAllNew() throws IOException {
    Snapshotter snapshots = open();
    Snapshot.Active active = snapshots.prepare("scratch", null);
    try (MountedTree tree = mount(active)) {
      Files.writeString(tree.path("file"), "x");
    }

    assertThat(snapshots.changes(active)).containsExactly(new Change(Change.Kind.ADDED, "/file"));
    assertThat(snapshots.usage(active)).isPositive();
    ChainId chain = Tars.add(snapshots, null, diff(snapshots, active)).chain();
    try (MountedTree tree = mount(snapshots.view("v", chain))) {
      assertThat(tree.path("file")).hasContent("x");
    }
  }

  @Test
  default void whiteoutsRemoveOnlyWhatIsBelow() throws IOException {
    Snapshotter snapshots = open();
    ChainId chain = Tars.add(snapshots, null, base()).chain();
    byte[] tar =
        new Tars()
            .file("etc/motd", "mine")
            .file("etc/.wh.motd", "")
            .file("etc/.wh.passwd", "")
            .file("opt/.wh.old", "")
            .folder("opt/old")
            .file("opt/old/b", "b")
            .file("usr/.wh.lib", "")
            .file("usr/lib/new", "n")
            .file(".wh.never-there", "")
            .bytes();

    Snapshot.View view = snapshots.view("v", Tars.add(snapshots, chain, tar).chain());
    try (MountedTree tree = mount(view)) {
      assertThat(tree.path("etc/motd")).hasContent("mine");
      assertThat(tree.path("etc/passwd")).doesNotExist();
      assertThat(tree.path("opt/old/a")).doesNotExist();
      assertThat(tree.path("opt/old/b")).hasContent("b");
      assertThat(tree.path("usr/lib/new")).hasContent("n");
    }
  }

  @Test
  default void whatIsRemovedLeavesNoNameBehind() throws IOException {
    Snapshotter snapshots = open();
    ChainId chain = Tars.add(snapshots, null, base()).chain();
    byte[] tar =
        new Tars()
            .file("etc/.wh.passwd", "")
            .file("etc/.wh..wh..opq", "")
            .file("opt/.wh.never-there", "")
            .file("usr/.wh.lib", "")
            .folder("usr/lib")
            .file("usr/lib/.wh.gone", "")
            .file("new/.wh.nothing", "")
            .bytes();

    ChainId top = Tars.add(snapshots, chain, tar).chain();
    try (MountedTree tree = mount(snapshots.view("v", top));
        var all = Files.walk(tree.path(""))) {
      assertThat(all.map(path -> tree.path("").relativize(path).toString()))
          .containsExactlyInAnyOrder(
              "", "etc", "lib", "opt", "opt/old", "opt/old/a", "usr", "usr/lib");
    }
  }

  @Test
  default void anOpaqueFolderHidesWhatIsBelowWhereverItsMarkerStands() throws IOException {
    Snapshotter snapshots = open();
    ChainId chain = Tars.add(snapshots, null, base()).chain();
    byte[] tar =
        new Tars()
            .file("etc/mine", "m")
            .file("etc/.wh..wh..opq", "")
            .file("opt/.wh..wh..opq", "")
            .file("opt/after", "o")
            .bytes();
    ChainId two = Tars.add(snapshots, chain, tar).chain();
    byte[] all = new Tars().file("only", "x").file(".wh..wh..opq", "").bytes();
    ChainId three = Tars.add(snapshots, two, all).chain();

    try (MountedTree tree = mount(snapshots.view("v2", two));
        var etc = Files.list(tree.path("etc"));
        var opt = Files.list(tree.path("opt"))) {
      assertThat(etc).containsExactly(tree.path("etc/mine"));
      assertThat(opt).containsExactly(tree.path("opt/after"));
    }
    try (MountedTree tree = mount(snapshots.view("v3", three));
        var top = Files.list(tree.path(""))) {
      assertThat(top).containsExactly(tree.path("only"));
    }
  }

  @Test
  default void aStackMayBeHigh() throws IOException {
    Snapshotter snapshots = open();
    ChainId chain = null;
    for (int i = 0; i < 200; i++) {
      chain = Tars.add(snapshots, chain, new Tars().file("file-" + i, "x" + i).bytes()).chain();
    }

    Snapshot.Active active = snapshots.prepare("high", chain);
    try (MountedTree tree = mount(active)) {
      assertThat(tree.path("file-0")).hasContent("x0");
      assertThat(tree.path("file-199")).hasContent("x199");
      Files.delete(tree.path("file-0"));
    }
    assertThat(snapshots.changes(active))
        .containsExactly(new Change(Change.Kind.DELETED, "/file-0"));
  }

  @Test
  default void severalThreadsMayAddTheSameLayer() throws Exception {
    Snapshotter snapshots = open();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Snapshot.Committed>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(threads.submit(() -> Tars.add(snapshots, null, base())));
      }
      for (Future<Snapshot.Committed> one : all) {
        assertThat(one.get().chain().digest()).isEqualTo(Digest.of(base()));
      }
    }
    try (var list = snapshots.list()) {
      assertThat(list).hasSize(1);
    }
  }

  @Test
  default void layersComeSideBySideAndAreStackedLater() throws IOException {
    Snapshotter snapshots = open();
    byte[] above = new Tars().file("etc/motd", "above").bytes();
    Digest aboveId = Digest.of(above);
    try (Snapshotter.Staged top = snapshots.stage(new ByteArrayInputStream(above), aboveId);
        Snapshotter.Staged bottom = snapshots.stage(new ByteArrayInputStream(base()))) {
      assertThat(bottom.diffId()).isEqualTo(Digest.of(base()));
      assertThat(bottom.size()).isEqualTo(base().length);
      ChainId chain = bottom.add(null).chain();
      assertThat(bottom.add(null).chain()).isEqualTo(chain);
      ChainId both = top.add(chain).chain();
      assertThat(both).isEqualTo(ChainId.of(List.of(bottom.diffId(), aboveId)));
      try (MountedTree tree = mount(snapshots.view("v", both))) {
        assertThat(tree.path("etc/motd")).hasContent("above");
        assertThat(tree.path("etc/passwd")).hasContent("root");
      }
    }
    assertThat(open().checkAll()).isEmpty();
  }

  @Test
  default void whatIsStagedAndNotAddedIsDropped() throws IOException {
    Snapshotter snapshots = open();
    ChainId missing = ChainId.of(List.of(Digest.of(new byte[0])));
    byte[] noTar = "no tar".getBytes(UTF_8);
    snapshots.stage(new ByteArrayInputStream(base()), Digest.of(base())).close();
    try (Snapshotter.Staged staged = snapshots.stage(new ByteArrayInputStream(base()))) {
      assertThatThrownBy(() -> staged.add(missing)).isInstanceOf(Fault.NotFound.class);
    }
    assertThatThrownBy(
            () -> snapshots.stage(new ByteArrayInputStream(base()), Digest.of(noTar)).close())
        .isInstanceOf(Fault.Invalid.class);
    assertThatThrownBy(
            () -> {
              try (Snapshotter.Staged staged =
                  snapshots.stage(new ByteArrayInputStream(noTar), Digest.of(noTar))) {
                staged.add(null);
              }
            })
        .isInstanceOf(Fault.Invalid.class);

    assertThat(snapshots.checkAll()).isEmpty();
    try (var all = snapshots.list()) {
      assertThat(all).isEmpty();
    }
  }

  @Test
  default void aTarIsGivenBackAsItCameIfItIsKept() throws IOException {
    Snapshotter snapshots = open();
    Digest diffId = Digest.of(base());
    assertThat(snapshots.openTar(diffId)).isNull();
    assertThat(snapshots.stageKnown(diffId)).isNull();
    ChainId chain = Tars.add(snapshots, null, base()).chain();

    try (InputStream tar = snapshots.openTar(diffId);
        Snapshotter.Staged again = snapshots.stageKnown(diffId)) {
      assertThat(tar != null).isEqualTo(snapshots.keepsTars());
      assertThat(again != null).isEqualTo(snapshots.keepsTars());
      assertThat(snapshots.tarSize(diffId).isPresent()).isEqualTo(snapshots.keepsTars());
      if (tar != null && again != null) {
        assertThat(tar.readAllBytes()).isEqualTo(base());
        assertThat(snapshots.tarSize(diffId)).hasValue(base().length);
        ChainId twice = again.add(chain).chain();
        assertThat(twice).isEqualTo(chain.plus(diffId));
        snapshots.remove(new Snapshot.Committed(twice, chain));
      }
    }
    assertThat(snapshots.check(chain)).isEmpty();
  }

  @Test
  default void aVolatileTreeIsMountedAgainWhileTheMachineRuns() throws IOException {
    ChainId chain = Tars.add(open(), null, base()).chain();
    Snapshot.Active active = open().prepare("v", chain, Snapshotter.Writes.VOLATILE);
    assertThat(active.mounts().getFirst().options()).contains("volatile");
    try (MountedTree tree = mount(active)) {
      Files.writeString(tree.path("written"), "x");
    }
    Snapshot.Active again = open().active("v");
    assertThat(again).isEqualTo(active);
    try (MountedTree tree = mount(active)) {
      assertThat(tree.path("written")).hasContent("x");
    }
    assertThat(open().changes(active)).containsExactly(new Change(Change.Kind.ADDED, "/written"));
  }

  @Test
  default void sizesAreThoseOfTheFilesAndOfTheDisk() throws IOException {
    Snapshotter snapshots = open();
    byte[] tar =
        new Tars()
            .file("a", "x".repeat(10_000))
            .hardLink("b", "a")
            .symlink("c", "12345")
            .folder("d")
            .bytes();
    Snapshot.Committed layer = Tars.add(snapshots, null, tar);
    Snapshot.Active active = snapshots.prepare("a", layer.chain());
    try (MountedTree tree = mount(active)) {
      Files.writeString(tree.path("d/new"), "x".repeat(5000));
    }

    assertThat(snapshots.usage(layer)).isEqualTo(10_005);
    assertThat(snapshots.diskUsage(layer)).isBetween(10_000L, 60_000L);
    assertThat(snapshots.usage(active)).isEqualTo(5000);
    assertThat(snapshots.diskUsage(active)).isBetween(8192L, 60_000L);
  }

  /// Changes the content of a layer behind the snapshotter's back.
  void damage(ChainId layer) throws IOException;

  @Test
  default void aDamagedLayerIsFoundAndMendedAlone() throws IOException {
    Snapshotter snapshots = open();
    Snapshot.Committed below = Tars.add(snapshots, null, base());
    byte[] tar = new Tars().file("opt/x", "x").file("etc/.wh.motd", "").bytes();
    ChainId above = Tars.add(snapshots, below.chain(), tar).chain();
    damage(below.chain());

    assertThat(snapshots.check(above)).isEmpty();
    assertThat(snapshots.checkAll()).isNotEmpty().allMatch(it -> below.chain().equals(it.layer()));
    assertThat(snapshots.repair(above)).isTrue();
    assertThat(snapshots.repair(below.chain())).isFalse();
    assertThatThrownBy(() -> snapshots.repair(below.chain(), new ByteArrayInputStream(tar)))
        .isInstanceOf(Fault.Invalid.class);
    snapshots.repair(below.chain(), new ByteArrayInputStream(base()));
    assertThat(snapshots.checkAll()).isEmpty();
    try (MountedTree tree = mount(open().view("v", above))) {
      assertThat(tree.path("etc/passwd")).hasContent("root");
      assertThat(tree.path("etc/motd")).doesNotExist();
    }
  }
}
