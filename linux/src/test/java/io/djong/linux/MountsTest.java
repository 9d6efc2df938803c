package io.djong.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
  @TempDir Path folder;
  private final Mounts mounts = new Mounts();

  @AfterEach
  void unmountAll() throws IOException {
    for (MountPoint point : mounts.below(folder).reversed()) {
      mounts.unmount(Path.of("/" + point.path()), true);
    }
  }

  private Path made(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  @Test
  void aReadOnlyBindCannotBeWritten() throws IOException {
    Path source = made("source");
    Path target = made("target with blank");
    mounts.mount(new Mount("", source.toString(), target, List.of("rbind", "ro", "rprivate")));

    assertThat(mounts.isMountPoint(target)).isTrue();
    assertThat(mounts.isMountPoint(source)).isFalse();
    assertThat(mounts.below(folder).getFirst().options()).contains("ro");
    assertThatThrownBy(() -> Files.writeString(target.resolve("x"), "x"))
        .isInstanceOf(FileSystemException.class);
    Files.writeString(source.resolve("x"), "x");
    assertThat(target.resolve("x")).exists();
    mounts.unmount(target, false);
    mounts.unmount(target, false);
    assertThat(mounts.below(folder)).isEmpty();
  }

  @Test
  void aTmpfsTakesItsOwnOptions() throws IOException {
    Path target = made("tmpfs");
    mounts.mount(
        new Mount("tmpfs", "tmpfs", target, List.of("nosuid", "noexec", "size=64k", "mode=711")));

    MountPoint point = mounts.below(target).getFirst();
    assertThat(point.type()).isEqualTo("tmpfs");
    assertThat(point.options()).contains("nosuid", "noexec", "size=64k", "mode=711");
  }

  @Test
  void whatTheKernelRefusesSaysWhy() throws IOException {
    Path target = made("target");

    assertThatThrownBy(() -> mounts.mount(new Mount("no-such-type", "none", target, List.of())))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("no such device");
  }

  @Test
  void anOverlayMayHaveMoreLayersThanAPageHolds() throws IOException {
    List<String> lowers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Path lower = made("a-folder-with-a-name-that-takes-room-" + i);
      Files.writeString(lower.resolve("file-" + i), "x");
      lowers.add(lower.toString());
    }
    Path target = made("merged");
    mounts.mount(
        new Mount("overlay", "overlay", target, List.of("lowerdir=" + String.join(":", lowers))));

    assertThat(target.resolve("file-0")).exists();
    assertThat(target.resolve("file-299")).exists();
  }

  @Test
  void aMountedFolderIsNeverEmptiedByRemovingATree() throws IOException {
    Path source = made("precious");
    Files.writeString(source.resolve("canary"), "alive");
    Path target = made("tree/inside");
    mounts.mount(new Mount("", source.toString(), target, List.of("bind")));

    try (Root root = Root.open(folder)) {
      assertThatThrownBy(() -> root.removeTree(RawPath.of("tree")))
          .isInstanceOf(KernelException.class);
    }
    assertThat(source.resolve("canary")).hasContent("alive");
  }
}
