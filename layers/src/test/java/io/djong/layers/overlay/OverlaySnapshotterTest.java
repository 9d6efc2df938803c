package io.djong.layers.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.layers.ChainId;
import io.djong.layers.Damage;
import io.djong.layers.Snapshotter;
import io.djong.layers.SnapshotterContract;
import io.djong.layers.Tars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlaySnapshotterTest implements SnapshotterContract {
  @TempDir Path folder;
  private final List<OverlaySnapshotter> opened = new ArrayList<>();

  @Override
  public Snapshotter open() throws IOException {
    opened.add(new OverlaySnapshotter(folder.resolve("overlay2")));
    return opened.getLast();
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public void damage(ChainId layer) throws IOException {
    String name = "sha256-" + layer.digest().hex();
    Path file = folder.resolve("overlay2/layers").resolve(name).resolve("tree/etc/passwd");
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, "r00t");
    // A disk that lies tells no other time.
    Files.setLastModifiedTime(file, time);
  }

  @AfterEach
  void close() throws IOException {
    for (OverlaySnapshotter each : opened) {
      each.close();
    }
  }

  @Test
  void aVolatileTreeOfAnEarlierRunOfTheMachineIsGone() throws IOException {
    open().prepare("v", null, Snapshotter.Writes.VOLATILE);
    Path about = folder.resolve("overlay2/active/v/about");
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    Files.writeString(about, Files.readString(about).replace(boot, "an-earlier-one"));

    assertThat(open().active("v")).isNull();
    assertThat(folder.resolve("overlay2/active")).isEmptyDirectory();
  }

  @Test
  void aRecordThatCannotBeReadIsTold() throws IOException {
    ChainId chain = Tars.add(open(), null, new Tars().file("a", "a").bytes()).chain();
    Path layer = folder.resolve("overlay2/layers/sha256-" + chain.digest().hex());
    Files.writeString(layer.resolve("about"), "nothing");
    Files.createDirectories(folder.resolve("overlay2/layers"));

    assertThat(open().contains(chain)).isFalse();
    assertThat(opened.getLast().checkAll())
        .singleElement()
        .matches(damage -> damage.kind() == Damage.Kind.LEFTOVER);
  }

  @Test
  void whatACrashLeftIsRemovedAtTheNextStart() throws IOException {
    open();
    Path left = folder.resolve("overlay2/new/left/tree");
    Files.createDirectories(left);
    Files.writeString(left.resolve("file"), "half");
    open();

    assertThat(folder.resolve("overlay2/new")).isEmptyDirectory();
  }
}
