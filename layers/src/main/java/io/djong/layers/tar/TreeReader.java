package io.djong.layers.tar;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.linux.FileInput;
import io.djong.linux.FileKind;
import io.djong.linux.FileStatus;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Packs trees of a [Root] into an archive. Names of one inode become hard links to the first of
/// them. Sockets are left out, as no archive can hold them. The same tree gives the same bytes. For
/// one thread.
public final class TreeReader {
  private record Inode(long fileSystem, long number) {}

  private final Root root;
  private final TarWriter archive;
  private final Map<Inode, RawPath> linked = new HashMap<>();

  public TreeReader(Root root, TarWriter archive) {
    this.root = root;
    this.archive = archive;
  }

  /// Says what of a tree is packed.
  @FunctionalInterface
  public interface Choice {
    /// @param below the path below that of the tree
    /// @return false to leave it out, with all below it
    boolean takes(RawPath below, FileStatus status) throws IOException;
  }

  /// Writes a file, or a folder with all below it, in the order of the paths.
  ///
  /// @param path what to pack; a link is packed as a link
  /// @param name what it is called in the archive
  public void putTree(RawPath path, RawPath name) throws IOException {
    putTree(path, name, (_, _) -> true);
  }

  /// Writes of a tree what the choice takes.
  public void putTree(RawPath path, RawPath name, Choice choice) throws IOException {
    Deque<RawPath> todo = new ArrayDeque<>();
    todo.push(RawPath.ROOT);
    while (!todo.isEmpty()) {
      RawPath below = todo.pop();
      RawPath here = path.resolve(below);
      FileStatus status = below.isRoot() ? root.lstat(here) : root.find(here);
      // Null if it was removed since the folder was listed.
      if (status == null || !choice.takes(below, status)) {
        continue;
      }
      put(here, name.resolve(below), status);
      if (status.isFolder()) {
        List<RawPath> names = root.list(here);
        names.sort(Collections.reverseOrder());
        names.forEach(child -> todo.push(below.resolve(child)));
      }
    }
  }

  /// Writes this one entry, a folder without what is in it.
  public void put(RawPath path, RawPath name, FileStatus status) throws IOException {
    if (status.kind() == FileKind.SOCKET) {
      return;
    }
    if (status.links() > 1 && !status.isFolder()) {
      RawPath first = linked.putIfAbsent(new Inode(status.fileSystem(), status.inode()), name);
      if (first != null) {
        archive.put(entry(path, name, status, TarEntry.Kind.HARD_LINK).withLinkName(first.bytes()));
        return;
      }
    }
    switch (status.kind()) {
      case REGULAR -> {
        try (FileInput content = root.read(path)) {
          TarEntry file =
              entry(name, content.status(), TarEntry.Kind.FILE).withXattrs(Xattrs.of(content));
          archive.put(file, content);
        }
      }
      case SYMLINK ->
          archive.put(
              entry(path, name, status, TarEntry.Kind.SYMLINK).withLinkName(root.readlink(path)));
      case FOLDER -> archive.put(entry(path, name, status, TarEntry.Kind.FOLDER));
      case CHARACTER_DEVICE ->
          archive.put(entry(path, name, status, TarEntry.Kind.CHARACTER_DEVICE));
      case BLOCK_DEVICE -> archive.put(entry(path, name, status, TarEntry.Kind.BLOCK_DEVICE));
      case FIFO -> archive.put(entry(path, name, status, TarEntry.Kind.FIFO));
      case SOCKET -> throw new AssertionError("left out above");
    }
  }

  /// The attributes of a folder as an entry.
  public static TarEntry folder(Root root, RawPath path) throws IOException {
    return entry(root, path, path, root.lstat(path), TarEntry.Kind.FOLDER);
  }

  private TarEntry entry(RawPath path, RawPath name, FileStatus status, TarEntry.Kind kind)
      throws IOException {
    return entry(root, path, name, status, kind);
  }

  private static TarEntry entry(
      Root root, RawPath path, RawPath name, FileStatus status, TarEntry.Kind kind)
      throws IOException {
    TarEntry plain = entry(name, status, kind);
    return kind == TarEntry.Kind.FOLDER ? plain.withXattrs(Xattrs.of(root, path)) : plain;
  }

  private static TarEntry entry(RawPath name, FileStatus status, TarEntry.Kind kind) {
    return new TarEntry(
        kind,
        name,
        status.permissions(),
        status.uid(),
        status.gid(),
        kind == TarEntry.Kind.FILE ? status.size() : 0,
        status.modified(),
        null,
        new byte[0],
        status.deviceMajor(),
        status.deviceMinor(),
        Collections.emptySortedMap());
  }
}
