package io.djong.engine.image;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.engine.ImageTools.Exploration;
import io.djong.engine.ImageTools.ExploredLayer;
import io.djong.engine.ImageTools.FoundFile;
import io.djong.model.ImageConfig.History;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Looks into the layers of one image. For one thread, once.
final class ImageExplorer {
  private static final int SHOWN = 50;
  private static final Comparator<FoundFile> LARGEST_FIRST =
      Comparator.comparingLong(FoundFile::size).reversed().thenComparing(FoundFile::path);

  private final StoredImage image;
  private final ImageLayers layers;
  private final MergedTree tree = new MergedTree(this::gone);
  private final List<FoundFile> wastes = new ArrayList<>();
  private final long[] wasted;
  private int current;

  ImageExplorer(StoredImage image, ImageLayers layers) {
    this.image = image;
    this.layers = layers;
    this.wasted = new long[image.layers().size()];
  }

  Exploration explore() throws IOException {
    List<ExploredLayer> explored = new ArrayList<>();
    List<String> instructions = instructions();
    for (Layer layer : image.layers()) {
      explored.add(explore(layer, instructions.get(current)));
      current++;
    }
    List<ExploredLayer> complete = new ArrayList<>();
    for (int i = 0; i < explored.size(); i++) {
      ExploredLayer one = explored.get(i);
      complete.add(
          new ExploredLayer(
              one.diffId(),
              one.createdBy(),
              one.size(),
              one.files(),
              one.added(),
              one.changed(),
              one.removed(),
              wasted[i]));
    }
    return new Exploration(
        image.id(),
        List.copyOf(complete),
        complete.stream().mapToLong(ExploredLayer::size).sum(),
        complete.stream().mapToLong(ExploredLayer::wasted).sum(),
        wastes.stream().sorted(LARGEST_FIRST).limit(SHOWN).toList(),
        largest());
  }

  private ExploredLayer explore(Layer layer, String instruction) throws IOException {
    int files = 0;
    int added = 0;
    int changed = 0;
    int removed = 0;
    long size = 0;
    try (InputStream tar = layers.openTar(layer)) {
      TarReader reader = new TarReader(tar);
      long index = 0;
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        boolean folder = entry.kind() == TarEntry.Kind.FOLDER;
        if (MergedTree.whiteout(entry) != null) {
          removed++;
        } else if (tree.nodes().containsKey(MergedTree.key(entry.name()))) {
          changed += folder ? 0 : 1;
        } else {
          added++;
        }
        files += folder ? 0 : 1;
        size += entry.size();
        tree.apply(current, index++, entry);
      }
    }
    return new ExploredLayer(
        layer.diffId(), instruction, size, files - removed, added, changed, removed, 0);
  }

  private void gone(String path, MergedTree.Inode inode) {
    // What a layer replaces within itself was never there for anybody.
    if (inode.layer() < current && inode.entry().size() > 0) {
      wasted[inode.layer()] += inode.entry().size();
      wastes.add(
          new FoundFile(MergedTree.shown(path), inode.entry().size(), inode.layer(), current));
    }
  }

  private List<FoundFile> largest() {
    return tree.nodes().values().stream()
        .filter(inode -> inode.entry().kind() == TarEntry.Kind.FILE)
        .distinct()
        .map(
            inode ->
                new FoundFile(
                    MergedTree.shown(inode.paths().first()),
                    inode.entry().size(),
                    inode.layer(),
                    -1))
        .sorted(LARGEST_FIRST)
        .limit(SHOWN)
        .toList();
  }

  /// One for each layer; the history may say less than there is.
  private List<String> instructions() {
    List<String> all = new ArrayList<>();
    for (History entry : image.config().history()) {
      if (!entry.emptyLayer()) {
        all.add(entry.createdBy() == null ? "" : entry.createdBy());
      }
    }
    while (all.size() < image.layers().size()) {
      all.add("");
    }
    return all;
  }
}
