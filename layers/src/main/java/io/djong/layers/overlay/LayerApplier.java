package io.djong.layers.overlay;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.layers.tar.TreeWriter;
import io.djong.linux.FileStatus;
import io.djong.linux.KernelException;
import io.djong.linux.Root;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// Turns a layer tar into what overlayfs lays over the layers below. Markers become overlay's own,
/// and speak only of the layers below: what the same tar brings stays, wherever in the tar it
/// stands. For one thread.
final class LayerApplier {
  private final Root layer;
  private final LayerStack below;
  private final TreeWriter tree;
  private final Set<RawPath> whiteouts = new HashSet<>();
  private boolean rootIsOpaque;

  /// @param layer an empty folder
  LayerApplier(Root layer, LayerStack below, TreeWriter.CompleteFiles files) {
    this.layer = layer;
    this.below = below;
    this.tree = new TreeWriter(layer, new TreeWriter.Settings(true, below::folderEntry, files));
  }

  void apply(TarReader archive) throws IOException {
    try (tree) {
      for (TarEntry entry = archive.next(); entry != null; entry = archive.next()) {
        RawPath path = TreeWriter.inside(entry.name());
        if (OverlayMark.isMarker(path.name())) {
          mark(path, entry);
        } else {
          reopen(path.parent());
          tree.put(entry, archive);
          if (whiteouts.remove(path) && entry.kind() == TarEntry.Kind.FOLDER) {
            OverlayMark.makeOpaque(layer, path);
          }
        }
      }
      if (rootIsOpaque) {
        hideAllBelow();
      }
      tree.finish();
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
    tree.makeFolder(folder);
    OverlayMark.makeOpaque(layer, folder);
  }

  private void makeWhiteout(RawPath path) throws IOException {
    if (below.isEmpty()) {
      return;
    }
    reopen(path.parent());
    FileStatus here = layer.find(path);
    if (here == null) {
      tree.makeFolder(path.parent());
      OverlayMark.makeWhiteout(layer, path);
      whiteouts.add(path);
    } else if (here.isFolder()) {
      OverlayMark.makeOpaque(layer, path);
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
        layer.unlink(path);
        layer.mkdir(path, 0755);
        OverlayMark.makeOpaque(layer, path);
      }
    }
  }

  /// Overlayfs merges the roots of all layers whatever their attributes say, so each name gets a
  /// whiteout of its own.
  private void hideAllBelow() throws IOException {
    for (RawPath name : below.rootNames()) {
      FileStatus here = layer.find(name);
      if (here == null) {
        OverlayMark.makeWhiteout(layer, name);
      } else if (here.isFolder()) {
        OverlayMark.makeOpaque(layer, name);
      }
    }
  }
}
