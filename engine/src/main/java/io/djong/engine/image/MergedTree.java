package io.djong.engine.image;

import io.djong.content.tar.TarEntry;
import io.djong.model.RawPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The tree that layers make on each other, known by their entries alone (OCI image specification,
/// Filesystem Layers). For one thread.
///
/// Paths are texts of which each character is a byte, so that any bytes fit and what is below a
/// folder is one range.
final class MergedTree {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  /// Hears which files stop to be seen.
  @FunctionalInterface
  interface Listener {
    void gone(String path, Inode inode);
  }

  /// A file of a layer, or anything else that is one, with the names that it still has.
  static final class Inode {
    private final int layer;
    private final long index;
    private final TarEntry entry;
    private final SortedSet<String> paths = new TreeSet<>();

    Inode(int layer, long index, TarEntry entry) {
      this.layer = layer;
      this.index = index;
      this.entry = entry;
    }

    int layer() {
      return layer;
    }

    /// Which entry of its layer it is.
    long index() {
      return index;
    }

    TarEntry entry() {
      return entry;
    }

    SortedSet<String> paths() {
      return paths;
    }

    boolean isFolder() {
      return entry.kind() == TarEntry.Kind.FOLDER;
    }
  }

  private final Listener listener;
  private final NavigableMap<String, Inode> nodes = new TreeMap<>();
  private final SortedSet<String> hidden = new TreeSet<>();
  private final SortedSet<String> opaque = new TreeSet<>();

  MergedTree(Listener listener) {
    this.listener = listener;
  }

  /// What is seen, by its path.
  NavigableMap<String, Inode> nodes() {
    return Collections.unmodifiableNavigableMap(nodes);
  }

  /// The paths that are hidden in whatever the layers are put on.
  SortedSet<String> hidden() {
    return Collections.unmodifiableSortedSet(hidden);
  }

  /// The folders that hide all that is in them below.
  SortedSet<String> opaque() {
    return Collections.unmodifiableSortedSet(opaque);
  }

  static String key(RawPath path) {
    return new String(path.bytes(), StandardCharsets.ISO_8859_1);
  }

  static RawPath path(String key) {
    return RawPath.of(key.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// For people: the path as UTF-8.
  static String shown(String key) {
    return "/" + new String(key.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /// What a whiteout takes away; null if the entry is none.
  static @Nullable String whiteout(TarEntry entry) {
    String path = key(entry.name());
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.startsWith(WHITEOUT) && !name.startsWith(WHITEOUT + WHITEOUT)
        ? path.substring(0, path.length() - name.length()) + name.substring(WHITEOUT.length())
        : null;
  }

  static RawPath whiteoutOf(String path) {
    int slash = path.lastIndexOf('/') + 1;
    return path(path.substring(0, slash) + WHITEOUT + path.substring(slash));
  }

  static RawPath opaqueMarkOf(String folder) {
    return path(folder.isEmpty() ? OPAQUE : folder + "/" + OPAQUE);
  }

  /// Puts an entry of a layer on what is there; layers in their order, each from its beginning.
  void apply(int layer, long index, TarEntry entry) {
    String path = key(entry.name());
    String name = path.substring(path.lastIndexOf('/') + 1);
    String gone = whiteout(entry);
    if (name.equals(OPAQUE)) {
      String folder = path.substring(0, Math.max(0, path.length() - OPAQUE.length() - 1));
      removeBelow(folder, layer);
      opaque.add(folder);
    } else if (gone != null) {
      remove(gone);
      hidden.add(gone);
    } else if (!name.startsWith(WHITEOUT)) {
      put(path, layer, index, entry);
    }
  }

  private void put(String path, int layer, long index, TarEntry entry) {
    Inode before = nodes.get(path);
    boolean wasHidden = hidden.remove(path);
    if (entry.kind() == TarEntry.Kind.FOLDER) {
      if (before != null && before.isFolder()) {
        before.paths.remove(path);
      } else {
        remove(path);
      }
      if (wasHidden) {
        opaque.add(path);
      }
    }
    Inode target =
        entry.kind() == TarEntry.Kind.HARD_LINK
            ? nodes.get(key(RawPath.of(entry.linkName())))
            : null;
    Inode inode = target == null ? new Inode(layer, index, entry) : target;
    if (entry.kind() != TarEntry.Kind.FOLDER && before != inode) {
      remove(path);
    }
    inode.paths.add(path);
    nodes.put(path, inode);
  }

  private void remove(String path) {
    removeAll(nodes.subMap(path + "/", path + "0"));
    Inode inode = nodes.remove(path);
    if (inode != null) {
      forget(path, inode);
    }
    hidden.subSet(path + "/", path + "0").clear();
    opaque.subSet(path + "/", path + "0").clear();
    opaque.remove(path);
  }

  /// An opaque mark may come after what its own layer has in the folder.
  private void removeBelow(String folder, int layer) {
    NavigableMap<String, Inode> below =
        folder.isEmpty() ? nodes : nodes.subMap(folder + "/", true, folder + "0", false);
    List<String> lower = new ArrayList<>();
    for (Map.Entry<String, Inode> node : below.entrySet()) {
      if (node.getValue().layer < layer && !node.getKey().isEmpty()) {
        lower.add(node.getKey());
      }
    }
    for (String path : lower) {
      Inode inode = nodes.get(path);
      if (inode != null && !(inode.isFolder() && hasNewer(path, layer))) {
        nodes.remove(path);
        forget(path, inode);
      }
    }
  }

  private boolean hasNewer(String folder, int layer) {
    return nodes.subMap(folder + "/", folder + "0").values().stream()
        .anyMatch(inode -> inode.layer >= layer);
  }

  private void removeAll(Map<String, Inode> range) {
    // The keys, not the entries: those change with the map.
    for (String path : List.copyOf(range.keySet())) {
      Inode inode = nodes.remove(path);
      if (inode != null) {
        forget(path, inode);
      }
    }
  }

  private void forget(String path, Inode inode) {
    inode.paths.remove(path);
    if (inode.paths.isEmpty()) {
      listener.gone(path, inode);
    }
  }
}
