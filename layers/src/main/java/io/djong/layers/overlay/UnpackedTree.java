package io.djong.layers.overlay;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.layers.tar.TreeWriter;
import io.djong.linux.FileStatus;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;

/// The tree of a layer as a folder on the disk.
final class UnpackedTree implements LayerTarget {
  private final Root layer;
  private final TreeWriter tree;

  /// @param layer an empty folder
  UnpackedTree(Root layer, LayerStack below, TreeWriter.CompleteFiles files) {
    this.layer = layer;
    this.tree = new TreeWriter(layer, new TreeWriter.Settings(true, below::folderEntry, files));
  }

  @Override
  public Found find(RawPath path) throws IOException {
    FileStatus status = layer.find(path);
    if (status == null) {
      return Found.NOTHING;
    }
    return status.isFolder() ? Found.FOLDER : Found.OTHER;
  }

  @Override
  public void put(TarEntry entry, TarReader archive) throws IOException {
    tree.put(entry, archive);
  }

  @Override
  public void makeFolder(RawPath path) throws IOException {
    tree.makeFolder(path);
  }

  @Override
  public void makeWhiteout(RawPath path) throws IOException {
    tree.makeFolder(path.parent());
    OverlayMark.makeWhiteout(layer, path);
  }

  @Override
  public void makeOpaque(RawPath folder) throws IOException {
    OverlayMark.makeOpaque(layer, folder);
  }

  @Override
  public void finish() throws IOException {
    tree.finish();
  }

  @Override
  public void close() {
    tree.close();
  }
}
