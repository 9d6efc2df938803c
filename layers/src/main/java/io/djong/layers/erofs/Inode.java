package io.djong.layers.erofs;

import io.djong.content.tar.SparseMap;
import io.djong.linux.FileKind;
import io.djong.model.RawPath;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One inode of an index that is being made. A million of them must fit in the memory: what few
/// need is null where it is not needed.
final class Inode {
  private static final byte[] NO_BYTES = new byte[0];

  final FileKind kind;
  int permissions;
  int uid;
  int gid;
  long seconds;
  int nanoseconds;

  /// Of a file the bytes of its content, of a link those of its target.
  long size;

  /// Where the stored content begins in the tar.
  long stored;

  /// Where the pieces of the content belong; null if there are no holes.
  @Nullable SparseMap sparse;

  byte[] target = NO_BYTES;
  int device;
  @Nullable SortedMap<String, byte[]> xattrs;

  /// Only of folders.
  @Nullable Map<RawPath, Inode> children;

  @Nullable Inode parent;

  /// How many names it has; of a folder those of it and in it. Counted when all is there.
  int links;

  /// Where it lies in the index, in bytes; 0 as long as that is not decided.
  long position;

  /// Where its blocks lie, if it has some of its own, in blocks.
  long block;

  /// Its number for those who know only 32 bits.
  int serial;

  @Nullable ChunkMap chunks;

  Inode(FileKind kind, int permissions, Instant modified) {
    this.kind = kind;
    this.permissions = permissions;
    setModified(modified);
  }

  static Inode folder(int permissions, Instant modified, @Nullable Inode parent) {
    Inode folder = new Inode(FileKind.FOLDER, permissions, modified);
    folder.parent = parent;
    // Most folders of a layer hold a handful.
    folder.children = new HashMap<>(4);
    return folder;
  }

  void setModified(Instant modified) {
    seconds = modified.getEpochSecond();
    nanoseconds = modified.getNano();
  }

  boolean isFolder() {
    return children != null;
  }

  /// What is in this folder.
  Map<RawPath, Inode> names() {
    if (children == null) {
      throw new IllegalStateException("no folder");
    }
    return children;
  }

  SortedMap<String, byte[]> attributes() {
    return xattrs == null ? java.util.Collections.emptySortedMap() : xattrs;
  }

  void setAttribute(String name, byte[] value) {
    if (xattrs == null) {
      xattrs = new TreeMap<>();
    }
    xattrs.put(name, value);
  }

  int mode() {
    return kind.bits() | permissions;
  }
}
