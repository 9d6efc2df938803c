package io.djong.layers.overlay;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.layers.tar.TreeWriter;
import io.djong.linux.KernelException;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// Turns a layer tar into what overlayfs lays over the layers below. Markers become overlay's own,
/// and speak only of the layers below: what the same tar brings stays, wherever in the tar it
/// stands. For one thread.
public final class LayerApplier {
  private final LayerTarget layer;
  private final LayerStack below;
  private final Set<RawPath> whiteouts = new HashSet<>();
  private boolean rootIsOpaque;

  /// @param layer with nothing in it
  public LayerApplier(LayerTarget layer, LayerStack below) {
    this.layer = layer;
    this.below = below;
  }

  /// Applies all entries; the target is not closed.
  ///
  /// @throws Fault.Invalid if an entry is refused
  public void apply(TarReader archive) throws IOException {
    try {
      for (TarEntry entry = archive.next(); entry != null; entry = archive.next()) {
        RawPath path = TreeWriter.inside(entry.name());
        if (OverlayMark.isMarker(path.name())) {
          mark(path, entry);
        } else {
          reopen(path.parent());
          layer.put(entry, archive);
          if (whiteouts.remove(path) && entry.kind() == TarEntry.Kind.FOLDER) {
            layer.makeOpaque(path);
          }
        }
      }
      if (rootIsOpaque) {
        hideAllBelow();
      }
      layer.finish();
    } catch (KernelException e) {
      throw new IOException("applying a layer: " + e.getMessage(), e);
    }
  }

  private void mark(RawPath path, TarEntry entry) throws IOException {
    RawPath name = path.name();
    RawPath folder = path.parent();
    if (OverlayMark.isOpaqueMarker(name)) {
      makeOpaque(folder);
    } else if (!OverlayMark.isReserved(name)) {
      RawPath removed = OverlayMark.removedName(name);
      if (removed.isRoot() || removed.climbs()) {
        throw new Fault.Invalid(
            "refused to unpack \"" + entry.name() + "\": a whiteout must name a file");
      }
      makeWhiteout(folder.resolve(removed));
    }
  }

  private void makeOpaque(RawPath folder) throws IOException {
    if (below.isEmpty()) {
      return;
    }
    if (folder.isRoot()) {
      rootIsOpaque = true;
      return;
    }
    reopen(folder);
    layer.makeFolder(folder);
    layer.makeOpaque(folder);
  }

  private void makeWhiteout(RawPath path) throws IOException {
    if (below.isEmpty()) {
      return;
    }
    reopen(path.parent());
    switch (layer.find(path)) {
      case NOTHING -> {
        layer.makeWhiteout(path);
        whiteouts.add(path);
      }
      case FOLDER -> layer.makeOpaque(path);
      case OTHER -> {}
    }
  }

  /// Something comes below a path that was removed before: it is a folder again, and an opaque one.
  private void reopen(RawPath folder) throws IOException {
    if (whiteouts.isEmpty()) {
      return;
    }
    RawPath path = RawPath.ROOT;
    for (RawPath component : folder.components()) {
      path = path.resolve(component);
      if (whiteouts.remove(path)) {
        layer.reopen(path);
      }
    }
  }

  /// Overlayfs merges the roots of all layers whatever their attributes say, so each name gets a
  /// whiteout of its own.
  private void hideAllBelow() throws IOException {
    for (RawPath name : below.rootNames()) {
      switch (layer.find(name)) {
        case NOTHING -> layer.makeWhiteout(name);
        case FOLDER -> layer.makeOpaque(name);
        case OTHER -> {}
      }
    }
  }
}
