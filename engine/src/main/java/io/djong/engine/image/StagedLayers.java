package io.djong.engine.image;

import io.djong.content.LayerIntake;
import io.djong.layers.ChainId;
import io.djong.layers.Snapshotter;
import io.djong.layers.Snapshotter.Staged;
import io.djong.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The layers of images that arrive, staged in the snapshotter until the images are known. For
/// snapshotters that keep tars. Safe for use by several threads; closed when the arrival has ended.
final class StagedLayers implements LayerIntake, AutoCloseable {
  private final Snapshotter snapshots;
  private final Function<Digest, @Nullable Digest> known;
  private final Map<Digest, Staged> staged = new ConcurrentHashMap<>();

  /// @param known which layer comes out of a blob
  StagedLayers(Snapshotter snapshots, Function<Digest, @Nullable Digest> known) {
    this.snapshots = snapshots;
    this.known = known;
  }

  @Override
  public boolean hold(Digest diffId) throws IOException {
    if (staged.containsKey(diffId)) {
      return true;
    }
    Staged again = snapshots.stageKnown(diffId);
    if (again == null) {
      return false;
    }
    keep(again);
    return true;
  }

  @Override
  public @Nullable Digest layerOf(Digest blob) {
    return known.apply(blob);
  }

  @Override
  public Digest take(InputStream layerTar) throws IOException {
    return keep(snapshots.stage(layerTar));
  }

  @Override
  public void take(InputStream layerTar, Digest diffId) throws IOException {
    keep(snapshots.stage(layerTar, diffId));
  }

  private Digest keep(Staged arrived) throws IOException {
    Digest diffId = arrived.diffId();
    if (staged.putIfAbsent(diffId, arrived) != null) {
      arrived.close();
    }
    return diffId;
  }

  /// In bytes, the tar of a layer that was taken in or is held.
  long size(Digest diffId) {
    Staged one = staged.get(diffId);
    if (one == null) {
      throw new IllegalStateException("layer " + diffId + " was not taken in");
    }
    return one.size();
  }

  /// Puts a layer on a stack, durably.
  ///
  /// @return false if it was neither taken in nor held
  boolean add(@Nullable ChainId parent, Digest diffId) throws IOException {
    Staged one = staged.get(diffId);
    if (one == null) {
      return false;
    }
    one.add(parent);
    return true;
  }

  @Override
  public void close() throws IOException {
    for (Staged one : staged.values()) {
      one.close();
    }
    staged.clear();
  }
}
