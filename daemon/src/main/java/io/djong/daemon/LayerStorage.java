package io.djong.daemon;

import io.djong.layers.erofs.ErofsLayers;
import io.djong.layers.erofs.ErofsTrial;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.layers.overlay.UnpackedLayers;
import io.djong.linux.Mounts;
import io.djong.model.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Chooses how the layers of a data root are kept.
final class LayerStorage {
  private LayerStorage() {}

  /// The layers as they are asked for, or as this data root has them, or as this machine can mount
  /// them. Each way has a folder of its own.
  static OverlaySnapshotter open(Settings settings, Mounts mounts) throws IOException {
    Path unpacked = settings.dataRoot().resolve("layers");
    Path mounted = settings.dataRoot().resolve("erofs");
    Settings.StorageDriver asked = settings.storageDriver();
    String reason = "asked for";
    if (asked == null && hasLayers(unpacked) && !hasLayers(mounted)) {
      asked = Settings.StorageDriver.OVERLAY;
      reason = "this data root has layers of it";
    }
    String refusal = null;
    if (asked != Settings.StorageDriver.OVERLAY) {
      Files.createDirectories(settings.dataRoot());
      refusal = ErofsTrial.run(settings.dataRoot(), settings.execRoot(), mounts);
    }
    if (asked == Settings.StorageDriver.EROFS && refusal != null) {
      throw new Fault.Unavailable(
          "the storage driver erofs does not work here: " + refusal + ": use overlay");
    }
    if (asked == Settings.StorageDriver.OVERLAY || refusal != null) {
      String why = refusal == null ? reason : "erofs does not work here: " + refusal;
      return new OverlaySnapshotter(unpacked, new UnpackedLayers(why));
    }
    String why = asked == null ? "works here" : reason;
    return new OverlaySnapshotter(
        mounted, new ErofsLayers(settings.execRoot().resolve("layers"), mounts, why));
  }

  private static boolean hasLayers(Path folder) throws IOException {
    Path layers = folder.resolve("layers");
    if (!Files.isDirectory(layers)) {
      return false;
    }
    try (Stream<Path> all = Files.list(layers)) {
      return all.findAny().isPresent();
    }
  }
}
