package io.djong.build.context;

import io.djong.content.tar.TarEntry;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.ignore.IgnoreRules;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Files whose contents lie one after the other in one file without a name: nothing is left of it
/// when it is closed or the process ends.
public final class PackedTree implements FileTree {
  /// @param offset where the content begins
  /// @param digest of the content; null but for files
  record Packed(TarEntry entry, long offset, @Nullable Digest digest) {}

  private static final int SMALL = 32 << 10;
  private static final int WINDOW = 256 << 10;

  private final FileChannel contents;

  /// Guards the two below.
  private final Object lock = new Object();

  /// The bytes of the contents from `windowAt` on.
  private @Nullable ByteBuffer window;

  private long windowAt;
  private final NavigableMap<RawPath, Packed> entries;
  private final Map<RawPath, List<RawPath>> children = new HashMap<>();

  PackedTree(FileChannel contents, NavigableMap<RawPath, Packed> entries) {
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
          folder, new Packed(TarEntry.folder("x", 0755, Instant.EPOCH).withName(folder), 0, null));
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
            kept.put(inner, new Packed(packed.entry.withName(inner), packed.offset, packed.digest));
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

  private Packed file(RawPath path) throws IOException {
    Packed packed = entries.get(real(path, true));
    if (packed == null || packed.digest == null) {
      throw new Fault.NotFound("\"" + path + "\" is no file of the context");
    }
    return packed;
  }

  @Override
  public InputStream open(RawPath file) throws IOException {
    Packed packed = file(file);
    long size = packed.entry.size();
    return size <= SMALL
        ? new ByteArrayInputStream(small(packed.offset, (int) size))
        : new Piece(contents, packed.offset, size);
  }

  @Override
  public Digest digest(RawPath file) throws IOException {
    Digest digest = file(file).digest;
    if (digest == null) {
      throw new Fault.NotFound("\"" + file + "\" is no file of the context");
    }
    return digest;
  }

  /// Small files come after each other: many are read at once.
  private byte[] small(long offset, int size) throws IOException {
    synchronized (lock) {
      ByteBuffer ahead = window;
      if (ahead == null) {
        ahead = ByteBuffer.allocate(WINDOW).limit(0);
        window = ahead;
      }
      if (offset < windowAt || offset + size > windowAt + ahead.limit()) {
        ahead.clear();
        windowAt = offset;
        while (ahead.position() < size) {
          if (contents.read(ahead, offset + ahead.position()) < 0) {
            throw new IOException("the build context is shorter than it was");
          }
        }
        ahead.flip();
      }
      byte[] bytes = new byte[size];
      ahead.get((int) (offset - windowAt), bytes);
      return bytes;
    }
  }

  @Override
  public void close() throws IOException {
    contents.close();
  }

  private static final class Piece extends InputStream {
    private final FileChannel channel;
    private long position;
    private long left;

    Piece(FileChannel channel, long position, long left) {
      this.channel = channel;
      this.position = position;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int got = channel.read(ByteBuffer.wrap(into, offset, (int) Math.min(length, left)), position);
      if (got < 0) {
        throw new IOException("the build context is shorter than it was");
      }
      position += got;
      left -= got;
      return got;
    }
  }
}
