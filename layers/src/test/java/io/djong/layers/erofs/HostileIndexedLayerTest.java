package io.djong.layers.erofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.layers.ChainId;
import io.djong.layers.HostileLayers;
import io.djong.layers.MountedTree;
import io.djong.layers.Tars;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.linux.MountPoint;
import io.djong.linux.Mounts;
import io.djong.linux.Root;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostileIndexedLayerTest extends HostileLayers {
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

  @Test
  void whatTheMemoryCannotHoldIsRefused() throws IOException {
    TreeMap<String, byte[]> xattrs = new TreeMap<>();
    xattrs.put("user.large", new byte[60_000]);
    byte[] tar =
        new Tars().put(TarEntry.file("f", 0644, 0, Tars.TIME).withXattrs(xattrs), "").bytes();
    TarReader reader = new TarReader(new ByteArrayInputStream(tar));
    TarEntry entry = Objects.requireNonNull(reader.next());
    IndexedTree tree = new IndexedTree(path -> null, new IndexLimits());

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 2000; i++) {
                tree.put(entry, reader);
              }
            })
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("64 MiB");
  }

  @Test
  void foldersMayBeVeryDeep() throws IOException {
    String path = "d/".repeat(1500) + "file";
    byte[] tar = new Tars().file(path, "deep").file(path + "2", "deep").bytes();
    OverlaySnapshotter snapshots = open(folder.resolve("deep"));
    ChainId chain = Tars.add(snapshots, null, tar).chain();

    try (MountedTree tree =
            new MountedTree(folder.resolve("m"), snapshots.view("v", chain).mounts());
        Root root = Root.open(tree.path(""));
        var in = root.read(RawPath.of(path))) {
      assertThat(in.readAllBytes()).isEqualTo("deep".getBytes(StandardCharsets.UTF_8));
    }
    snapshots.close();
  }
}
