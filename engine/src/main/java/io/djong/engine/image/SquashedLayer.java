package io.djong.engine.image;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.content.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Several layers as one that makes the same of whatever they lie on: what they only hide from each
/// other is left out. Equal layers give equal bytes. For one thread.
final class SquashedLayer {
  private final List<Layer> merged;
  private final ImageLayers layers;

  /// @param merged from below upwards
  SquashedLayer(List<Layer> merged, ImageLayers layers) {
    this.merged = List.copyOf(merged);
    this.layers = layers;
  }

  /// Reads all layers twice: once to see what stays, once for its content.
  void writeTo(OutputStream out) throws IOException {
    MergedTree tree = read();
    Map<Long, MergedTree.Inode> staying = new HashMap<>();
    TarWriter tar = new TarWriter(out);
    for (Map.Entry<String, MergedTree.Inode> node : tree.nodes().entrySet()) {
      MergedTree.Inode inode = node.getValue();
      if (inode.isFolder()) {
        tar.put(inode.entry());
      } else {
        staying.put(place(inode.layer(), inode.index()), inode);
      }
    }
    for (String folder : tree.opaque()) {
      mark(tar, TarEntry.file("x", 0, 0, Instant.EPOCH).withName(MergedTree.opaqueMarkOf(folder)));
    }
    for (String path : tree.hidden()) {
      mark(tar, TarEntry.file("x", 0, 0, Instant.EPOCH).withName(MergedTree.whiteoutOf(path)));
    }
    for (int i = 0; i < merged.size(); i++) {
      copy(i, staying, tar);
    }
    tar.close();
  }

  private MergedTree read() throws IOException {
    MergedTree tree = new MergedTree((_, _) -> {});
    for (int i = 0; i < merged.size(); i++) {
      try (InputStream in = layers.openTar(merged.get(i))) {
        TarReader reader = new TarReader(in);
        long index = 0;
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
          tree.apply(i, index++, entry);
        }
      }
    }
    return tree;
  }

  private void copy(int layer, Map<Long, MergedTree.Inode> staying, TarWriter tar)
      throws IOException {
    try (InputStream in = layers.openTar(merged.get(layer))) {
      TarReader reader = new TarReader(in);
      long index = 0;
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        MergedTree.Inode inode = staying.get(place(layer, index++));
        if (inode != null) {
          put(entry, inode, reader, tar);
        }
      }
    }
  }

  private static void put(TarEntry entry, MergedTree.Inode inode, TarReader reader, TarWriter tar)
      throws IOException {
    String first = inode.paths().first();
    TarEntry named = entry.withName(MergedTree.path(first));
    if (entry.kind() == TarEntry.Kind.FILE) {
      tar.put(named, reader.content());
    } else {
      tar.put(named);
    }
    for (String other : inode.paths().tailSet(first + "\0")) {
      tar.put(
          TarEntry.hardLink("x", "", entry.modified())
              .withName(MergedTree.path(other))
              .withLinkName(first.getBytes(StandardCharsets.ISO_8859_1)));
    }
  }

  private static void mark(TarWriter tar, TarEntry mark) throws IOException {
    tar.put(mark, new ByteArrayInputStream(new byte[0]));
  }

  private static long place(int layer, long index) {
    return (long) layer << 48 | index;
  }
}
