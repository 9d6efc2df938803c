package io.djong.build.context;

import io.djong.content.tar.TarEntry;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.ignore.IgnoreRules;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Files whose contents were packed: in one file without a name, of which nothing is left when the
/// tree is closed or the process ends, and in [KeptFiles].
public final class PackedTree implements FileTree {
  /// @param content null but for files
  record Packed(TarEntry entry, @Nullable Content content) {}

  /// The bytes of a file.
  record Content(Contents in, long offset, long size, Digest digest) {
    /// The same bytes at the same place elsewhere.
    Content movedTo(Contents other) {
      return new Content(other, offset, size, digest);
    }
  }

  /// Closes what holds the contents.
  private final Closeable contents;

  private final NavigableMap<RawPath, Packed> entries;
  private final Map<RawPath, List<RawPath>> children = new HashMap<>();

  PackedTree(Closeable contents, NavigableMap<RawPath, Packed> entries) {
    this.contents = contents;
    this.entries = entries;
    addFolders();
    for (RawPath path : entries.keySet()) {
      children.computeIfAbsent(path.parent(), _ -> new ArrayList<>()).add(path.name());
    }
  }

  /// Folders that hold something and were not mentioned.
  private void addFolders() {
    List<RawPath> missing = new ArrayList<>();
    for (RawPath path : entries.keySet()) {
      RawPath above = path.parent();
      while (!above.isRoot() && !entries.containsKey(above)) {
        missing.add(above);
        above = above.parent();
      }
    }
    for (RawPath folder : missing) {
      entries.putIfAbsent(
          folder, new Packed(TarEntry.folder("x", 0755, Instant.EPOCH).withName(folder), null));
    }
  }

  /// The same without what is ignored. Shares the contents: closing either closes both.
  public PackedTree without(IgnoreRules rules) {
    if (rules.isEmpty()) {
      return this;
    }
    TreeMap<RawPath, Packed> kept = new TreeMap<>();
    entries.forEach(
        (path, packed) -> {
          if (!rules.ignores(path.toString())) {
            kept.put(path, packed);
          }
        });
    // A folder that is ignored itself may hold what is not.
    for (RawPath path : List.copyOf(kept.keySet())) {
      for (RawPath above = path.parent(); !above.isRoot(); above = above.parent()) {
        Packed folder = entries.get(above);
        if (folder != null) {
          kept.putIfAbsent(above, folder);
        }
      }
    }
    return new PackedTree(contents, kept);
  }

  /// The same without a folder. Shares the contents.
  public PackedTree without(RawPath folder) {
    TreeMap<RawPath, Packed> kept = new TreeMap<>(entries);
    kept.keySet().removeIf(path -> path.startsWith(folder));
    return new PackedTree(contents, kept);
  }

  /// What is in a folder, as a tree of its own. Shares the contents.
  public PackedTree below(RawPath folder) {
    TreeMap<RawPath, Packed> kept = new TreeMap<>();
    entries.forEach(
        (path, packed) -> {
          if (path.startsWith(folder) && !path.equals(folder)) {
            RawPath inner = RawPath.ROOT;
            List<RawPath> components = path.components();
            for (RawPath each : components.subList(folder.depth(), components.size())) {
              inner = inner.resolve(each);
            }
            kept.put(inner, new Packed(packed.entry.withName(inner), packed.content));
          }
        });
    return new PackedTree(contents, kept);
  }

  public int size() {
    return entries.size();
  }

  /// All paths, in their order.
  public List<RawPath> paths() {
    return List.copyOf(entries.keySet());
  }

  private @Nullable TarEntry at(RawPath path) {
    Packed packed = entries.get(path);
    return packed == null ? null : packed.entry;
  }

  private RawPath real(RawPath path, boolean last) throws IOException {
    return Links.real(this::at, path, last);
  }

  @Override
  public @Nullable TarEntry find(RawPath path) throws IOException {
    if (path.isRoot()) {
      return TarEntry.folder(".", 0755, Instant.EPOCH);
    }
    TarEntry here = path.climbs() ? null : at(path);
    return here == null ? at(real(path, false)) : here;
  }

  @Override
  public List<RawPath> list(RawPath folder) throws IOException {
    return children.getOrDefault(real(folder, true), List.of());
  }

  private Content content(RawPath path) throws IOException {
    Packed packed = entries.get(real(path, true));
    if (packed == null || packed.content == null) {
      throw new Fault.NotFound("\"" + path + "\" is no file of the context");
    }
    return packed.content;
  }

  @Override
  public InputStream open(RawPath file) throws IOException {
    Content content = content(file);
    return content.in.open(content.offset, content.size, content.digest);
  }

  @Override
  public Digest digest(RawPath file) throws IOException {
    return content(file).digest;
  }

  @Override
  public void close() throws IOException {
    contents.close();
  }
}
