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
import java.util.SortedSet;
import java.util.TreeSet;

/// Turns a layer tar into what overlayfs lays over the layers below. Markers become overlay's own,
/// and speak only of the layers below: what the same tar brings stays, wherever in the tar it
/// stands. For one thread.
public final class LayerApplier {
  private final LayerTarget layer;
  private final LayerStack below;

  /// What the layer removes from below, and folders that hide what is below; in the order of the
  /// paths. Done when all entries are known.
  private final SortedSet<RawPath> whiteouts = new TreeSet<>();

  private final Set<RawPath> opaque = new HashSet<>();
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
          layer.put(entry, archive);
        }
      }
      for (RawPath path : whiteouts) {
        remove(path);
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
      if (!below.isEmpty()) {
        whiteouts.add(folder.resolve(removed));
      }
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
    layer.makeFolder(folder);
    layer.makeOpaque(folder);
    opaque.add(folder);
  }

  /// Removes what is below a path. Overlayfs shows a whiteout in a folder that hides, or does not
  /// meet, one below as a name that leads nowhere: there must be none where there is nothing to
  /// remove.
  private void remove(RawPath path) throws IOException {
    RawPath above = RawPath.ROOT;
    for (RawPath component : path.parent().components()) {
      above = above.resolve(component);
      if (opaque.contains(above) || layer.find(above) == LayerTarget.Found.OTHER) {
        return;
      }
    }
    switch (layer.find(path)) {
      case NOTHING -> {
        if (below.shows(path)) {
          layer.makeWhiteout(path);
        }
      }
      case FOLDER -> {
        layer.makeOpaque(path);
        opaque.add(path);
      }
      case OTHER -> {}
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
