package io.djong.layers.erofs;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.layers.Snapshot;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.linux.Mount;
import io.djong.linux.Mounts;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Finds out whether layers can be mounted here, by mounting one: whether the kernel knows EROFS,
/// takes a file of this file system for it, and lays an overlay on top.
public final class ErofsTrial {
  private static final byte[] CONTENT = new byte[1500];

  private ErofsTrial() {}

  /// Tries it, or remembers that it went well since the machine started.
  ///
  /// @param data a folder of the file system that layers are to lie on; nothing stays there
  /// @param exec a folder that a restart of the machine empties; what was found out is noted there
  /// @return why not; null if all went well
  public static @Nullable String run(Path data, Path exec, Mounts mounts) {
    try {
      Files.createDirectories(exec);
      Path note = exec.resolve("erofs-works");
      String place = data + "\n" + Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
      if (Files.exists(note) && Files.readString(note).equals(place)) {
        return null;
      }
      String name = "trial-" + UUID.randomUUID();
      try {
        mount(data.resolve(name), exec.resolve(name), mounts);
      } finally {
        remove(data, name);
        remove(exec, name);
      }
      Files.writeString(note, place);
      return null;
    } catch (IOException | Fault e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void mount(Path data, Path exec, Mounts mounts) throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    try (TarWriter writer = new TarWriter(tar)) {
      Arrays.fill(CONTENT, (byte) 'x');
      writer.put(
          TarEntry.file("file", 0644, CONTENT.length, Instant.EPOCH),
          new ByteArrayInputStream(CONTENT));
    }
    Path target = Files.createDirectories(exec.resolve("tree"));
    ErofsLayers form = new ErofsLayers(exec.resolve("layers"), mounts, "a trial");
    try (OverlaySnapshotter snapshots = new OverlaySnapshotter(data, form)) {
      Snapshot.Committed layer =
          snapshots.add(
              null, new ByteArrayInputStream(tar.toByteArray()), Digest.of(tar.toByteArray()));
      Snapshot.Active active = snapshots.prepare("tree", layer.chain());
      try {
        for (Mount mount : active.mounts()) {
          mounts.mount(mount, target);
        }
        try (Root tree = Root.open(target);
            var in = tree.read(RawPath.of("file"))) {
          if (!Arrays.equals(in.readAllBytes(), CONTENT)) {
            throw new IOException("a file in a mounted layer does not read as it was written");
          }
        }
      } finally {
        mounts.unmount(target, true);
        snapshots.remove(active);
        snapshots.remove(layer);
      }
    }
  }

  private static void remove(Path parent, String name) throws IOException {
    if (Files.isDirectory(parent)) {
      try (Root root = Root.open(parent)) {
        root.removeTree(RawPath.of(name));
      }
    }
  }
}
