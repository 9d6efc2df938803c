package io.djong.layers.overlay;

import io.djong.content.tar.TarReader;
import io.djong.layers.ChainId;
import io.djong.layers.Damage;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// Layers as folders with their files in them. Needs no more of the file system below than
/// attributes of root's and devices. The tars are not kept.
public final class UnpackedLayers implements LayerForm {
  private final String reason;

  /// @param reason why layers are kept so, for people
  public UnpackedLayers(String reason) {
    this.reason = reason;
  }

  @Override
  public String name() {
    return "overlay2";
  }

  @Override
  public SequencedMap<String, String> status() {
    SequencedMap<String, String> status = new LinkedHashMap<>();
    status.put("Layers", "unpacked folders");
    status.put("Reason", reason);
    return status;
  }

  @Override
  public List<String> overlayOptions() {
    return List.of();
  }

  @Override
  public boolean keepsTars() {
    return false;
  }

  @Override
  public void retain(Set<String> names) {}

  @Override
  public Made build(Root root, RawPath folder, InputStream tar, LayerStack below, ChainId chain)
      throws IOException {
    RawPath tree = folder.resolve(Shelf.TREE);
    root.mkdir(tree, 0755);
    root.chmod(tree, 0755);
    try (Root layer = root.openRoot(tree);
        FileSyncer syncer = new FileSyncer()) {
      TarReader archive = new TarReader(tar);
      try (UnpackedTree target = new UnpackedTree(layer, below, syncer::take)) {
        new LayerApplier(target, below).apply(archive);
      }
      archive.drain();
      syncer.finish(layer);
    }
    TreeSize size = TreeSize.of(root, tree);
    return new Made(size.files(), size.disk(), TreeChecksum.of(root, tree));
  }

  @Override
  public Path open(String name, Path folder, Made made) {
    return place(name, folder);
  }

  @Override
  public Path place(String name, Path folder) {
    return folder.resolve(Shelf.TREE);
  }

  @Override
  public void release(String name) {}

  @Override
  public List<Damage> check(Root root, RawPath folder, Made made) throws IOException {
    RawPath tree = folder.resolve(Shelf.TREE);
    if (root.find(tree) == null) {
      return List.of(new Damage(Damage.Kind.CONTENT, null, "its files are missing"));
    }
    TreeSize found = TreeSize.of(root, tree);
    if (found.files() != made.size()) {
      String text = "its files have " + found.files() + " bytes, where " + made.size() + " were";
      return List.of(new Damage(Damage.Kind.CONTENT, null, text));
    }
    String expected = made.proof();
    if (!expected.isEmpty() && !TreeChecksum.of(root, tree).equals(expected)) {
      return List.of(new Damage(Damage.Kind.CONTENT, null, "its files have changed"));
    }
    return List.of();
  }
}
