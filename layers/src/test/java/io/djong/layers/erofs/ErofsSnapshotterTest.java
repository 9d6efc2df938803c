package io.djong.layers.erofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.layers.ChainId;
import io.djong.layers.Damage;
import io.djong.layers.MountedTree;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.layers.SnapshotterContract;
import io.djong.layers.Tars;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.linux.MountPoint;
import io.djong.linux.Mounts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErofsSnapshotterTest implements SnapshotterContract {
  @TempDir Path folder;
  private final Mounts mounts = new Mounts();
  private final List<OverlaySnapshotter> opened = new ArrayList<>();

  @Override
  public Snapshotter open() throws IOException {
    opened.add(
        new OverlaySnapshotter(
            folder.resolve("erofs"), new ErofsLayers(folder.resolve("exec"), mounts, "a test")));
    return opened.getLast();
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public void damage(ChainId layer) throws IOException {
    Path tar = folder.resolve("erofs/layers/sha256-" + layer.digest().hex() + "/tar");
    try (FileChannel bytes = FileChannel.open(tar, StandardOpenOption.WRITE)) {
      bytes.write(ByteBuffer.wrap(new byte[] {'x'}), 1024);
    }
  }

  @AfterEach
  void close() throws IOException {
    for (OverlaySnapshotter each : opened) {
      each.close();
    }
    for (MountPoint point : mounts.below(folder).reversed()) {
      mounts.unmount(Path.of("/" + point.path()), true);
    }
    assertThat(mounts.below(folder)).isEmpty();
  }

  @Test
  void aLayerIsMountedOnceAndItsMountIsTakenOver() throws IOException {
    ChainId chain = Tars.add(open(), null, new Tars().file("a", "a").bytes()).chain();
    open().prepare("one", chain);
    opened.getLast().prepare("two", chain);
    assertThat(mounts.below(folder.resolve("exec"))).hasSize(1);
    opened.getLast().close();
    opened.removeLast();
    assertThat(mounts.below(folder.resolve("exec"))).hasSize(1);

    Snapshot.Active one = Objects.requireNonNull(open().active("one"));
    try (MountedTree tree = mount(one)) {
      assertThat(tree.path("a")).hasContent("a");
    }
    assertThat(mounts.below(folder.resolve("exec"))).hasSize(1);
    opened.getLast().remove(one);
    opened.getLast().close();
    opened.removeLast();
    assertThat(mounts.below(folder.resolve("exec"))).hasSize(1);
    Snapshotter last = open();
    last.remove(Objects.requireNonNull(last.active("two")));
    last.remove(new Snapshot.Committed(chain, null));
    assertThat(mounts.below(folder.resolve("exec"))).isEmpty();
    assertThat(folder.resolve("exec")).isEmptyDirectory();
  }

  @Test
  void mountsThatARestartOfTheMachineTookAreMadeAgain() throws IOException {
    ChainId chain = Tars.add(open(), null, new Tars().file("a", "a").bytes()).chain();
    Snapshot.Active active = open().prepare("one", chain);
    for (MountPoint point : mounts.below(folder.resolve("exec"))) {
      mounts.unmount(Path.of("/" + point.path()), false);
      Files.delete(Path.of("/" + point.path()));
    }

    open().active("one");
    try (MountedTree tree = mount(active)) {
      assertThat(tree.path("a")).hasContent("a");
    }
  }

  @Test
  void mountsThatBelongToNothingGo() throws IOException {
    Snapshotter snapshots = open();
    Snapshot.Committed layer = Tars.add(snapshots, null, new Tars().file("a", "a").bytes());
    snapshots.view("v", layer.chain());
    Path data = folder.resolve("erofs/layers/sha256-" + layer.chain().digest().hex());
    Files.delete(data.resolve("about"));
    Files.createDirectories(folder.resolve("exec/stray"));

    open();
    assertThat(mounts.below(folder.resolve("exec"))).isEmpty();
    assertThat(folder.resolve("exec")).isEmptyDirectory();
  }

  @Test
  void aDamagedIndexIsFoundBeforeItIsMountedAndRebuilt() throws IOException {
    Snapshot.Committed layer = Tars.add(open(), null, new Tars().file("a", "a").bytes());
    Path index = folder.resolve("erofs/layers/sha256-" + layer.chain().digest().hex() + "/index");
    byte[] whole = Files.readAllBytes(index);
    byte[] damaged = whole.clone();
    damaged[1600] ^= 1;
    Files.write(index, damaged);

    Snapshotter snapshots = open();
    try (var all = snapshots.list()) {
      assertThat(all).hasSize(1);
    }
    assertThatThrownBy(() -> snapshots.view("v", layer.chain()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("its index has changed");
    assertThatThrownBy(() -> snapshots.prepare("a", layer.chain())).isInstanceOf(IOException.class);
    // What could not be mounted left nothing: neither is there, and both keys are free.
    assertThat(folder.resolve("erofs/views")).isEmptyDirectory();
    assertThat(folder.resolve("erofs/active")).isEmptyDirectory();
    assertThat(folder.resolve("erofs/new")).isEmptyDirectory();
    assertThat(snapshots.checkAll())
        .singleElement()
        .matches(it -> it.kind() == Damage.Kind.INDEX && layer.chain().equals(it.layer()));
    assertThat(snapshots.repair(layer.chain())).isTrue();
    assertThat(index).hasBinaryContent(whole);
    try (MountedTree tree = mount(snapshots.view("v", layer.chain()))) {
      assertThat(tree.path("a")).hasContent("a");
    }
  }

  @Test
  void itIsTriedOutOnceBetweenTwoRestartsOfTheMachine() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Path exec = folder.resolve("run");
    assertThat(ErofsTrial.run(data, exec, mounts)).isNull();
    assertThat(data).isEmptyDirectory();
    assertThat(exec).isDirectoryContaining(path -> path.endsWith("erofs-works"));
    assertThat(mounts.below(folder)).isEmpty();
    assertThat(ErofsTrial.run(folder.resolve("co,mma"), exec, mounts)).isNotNull();
    assertThat(ErofsTrial.run(data, exec, mounts)).isNull();
  }
}
