package io.djong.layers.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.layers.Snapshotter;
import io.djong.layers.SnapshotterContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @AfterEach
  void close() {
    opened.forEach(OverlaySnapshotter::close);
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
