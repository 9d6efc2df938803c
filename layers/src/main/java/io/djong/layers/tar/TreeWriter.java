package io.djong.layers.tar;

import io.djong.content.tar.SparseMap;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.linux.Errno;
import io.djong.linux.FileKind;
import io.djong.linux.FileOutput;
import io.djong.linux.FileStatus;
import io.djong.linux.KernelException;
import io.djong.linux.Root;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Unpacks entries below a [Root], as Docker does: what is in the way is replaced, a folder meets a
/// folder and keeps what is inside; missing folders above an entry are made; links on the way lead
/// wherever they say, inside the root. Owner, permissions, attributes and times are set in that
/// order, the times of folders by [#finish]. Devices are made. Of extended attributes only those of
/// [Xattrs#isCarried] are applied.
///
/// An entry that leads out of the root, or that cannot exist there, is refused as [Fault.Invalid];
/// what was unpacked before stays. For one thread; nobody else may change the tree meanwhile.
public final class TreeWriter implements AutoCloseable {
  private final Root root;
  private final Settings settings;
  private final byte[] buffer = new byte[1 << 17];
  private final Map<RawPath, Times> folders = new LinkedHashMap<>();

  /// The folder of the entry before: most entries are in the same.
  private @Nullable Root folder;

  private RawPath folderPath = RawPath.ROOT;

  /// What differs between those who unpack.
  ///
  /// @param keepOwners whether entries belong to whom the archive says, or to this process
  /// @param implied the attributes of a folder that is made though the archive has no entry for it;
  ///   null for root's and 0755
  /// @param files takes each file when it is complete, and closes it
  public record Settings(boolean keepOwners, ImpliedFolders implied, CompleteFiles files) {
    public static final Settings PLAIN = new Settings(true, path -> null, FileOutput::close);
  }

  /// Knows folders that the archive does not mention.
  @FunctionalInterface
  public interface ImpliedFolders {
    @Nullable TarEntry folder(RawPath path) throws IOException;
  }

  /// Does with a file what is left to do, at least closes it.
  @FunctionalInterface
  public interface CompleteFiles {
    void take(FileOutput file) throws IOException;
  }

  private record Times(Instant accessed, Instant modified) {
    static Times of(TarEntry entry) {
      Instant accessed = entry.accessed();
      return new Times(accessed == null ? entry.modified() : accessed, entry.modified());
    }
  }

  /// @param root not closed by this
  public TreeWriter(Root root, Settings settings) {
    this.root = root;
    this.settings = settings;
  }

  /// The path that an entry's name stands for.
  ///
  /// @throws Fault.Invalid if it climbs out of the root
  public static RawPath inside(RawPath name) {
    if (!name.climbs()) {
      return name;
    }
    RawPath path = RawPath.ROOT;
    for (RawPath component : name.components()) {
      if (!component.climbs()) {
        path = path.resolve(component);
      } else if (path.isRoot()) {
        throw new Fault.Invalid("refused to unpack \"" + name + "\": it leads out of the archive");
      } else {
        path = path.parent();
      }
    }
    return path;
  }

  /// Unpacks the entry that the reader has just given.
  public void put(TarEntry entry, TarReader archive) throws IOException {
    RawPath path = inside(entry.name());
    try {
      if (path.isRoot()) {
        putRoot(entry);
      } else {
        putBelow(path, entry, archive);
      }
    } catch (KernelException e) {
      throw refused(entry.name(), e);
    }
  }

  /// Makes a folder, and those above it, that the archive has no entry for; what is there already
  /// stays as it is.
  public void makeFolder(RawPath path) throws IOException {
    try {
      hold(path);
    } catch (KernelException e) {
      throw refused(path, e);
    }
  }

  private void putRoot(TarEntry entry) throws IOException {
    if (entry.kind() != TarEntry.Kind.FOLDER) {
      throw new Fault.Invalid("refused to unpack \"" + entry.name() + "\": the root is a folder");
    }
    setAttributes(root, RawPath.ROOT, entry);
    folders.put(RawPath.ROOT, Times.of(entry));
  }

  private void putBelow(RawPath path, TarEntry entry, TarReader archive) throws IOException {
    Root parent = hold(path.parent());
    RawPath name = path.name();
    switch (entry.kind()) {
      case FILE -> putFile(parent, name, entry, archive);
      case HARD_LINK -> putHardLink(parent, path, entry);
      case FOLDER -> {
        makeFolder(parent, name);
        setAttributes(parent, name, entry);
        folders.put(path, Times.of(entry));
      }
      case SYMLINK -> {
        make(parent, name, () -> parent.symlink(entry.linkName(), name));
        if (settings.keepOwners) {
          parent.chown(name, entry.uid(), entry.gid());
        }
        setTimes(parent, name, Times.of(entry));
      }
      case CHARACTER_DEVICE -> putNode(parent, name, entry, FileKind.CHARACTER_DEVICE);
      case BLOCK_DEVICE -> putNode(parent, name, entry, FileKind.BLOCK_DEVICE);
      case FIFO -> putNode(parent, name, entry, FileKind.FIFO);
    }
  }

  private void putFile(Root parent, RawPath name, TarEntry entry, TarReader archive)
      throws IOException {
    FileOutput[] made = new FileOutput[1];
    make(parent, name, () -> made[0] = parent.create(name, 0600));
    FileOutput file = made[0];
    try {
      copy(archive, file);
      if (settings.keepOwners) {
        file.chown(entry.uid(), entry.gid());
      }
      file.chmod(entry.permissions());
      for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
        if (Xattrs.isCarried(xattr.getKey())) {
          Xattrs.set(() -> file.setXattr(Xattrs.bytes(xattr.getKey()), xattr.getValue()));
        }
      }
      Times times = Times.of(entry);
      file.setTimes(times.accessed, times.modified);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    settings.files.take(file);
  }

  private void copy(TarReader archive, FileOutput file) throws IOException {
    SparseMap sparse = archive.sparse();
    if (sparse == null) {
      int got;
      while ((got = archive.readStored(buffer, 0, buffer.length)) >= 0) {
        file.write(buffer, 0, got);
      }
      return;
    }
    long position = 0;
    for (SparseMap.Piece piece : sparse.pieces()) {
      file.skip(piece.offset() - position);
      long left = piece.length();
      while (left > 0) {
        int got = archive.readStored(buffer, 0, (int) Math.min(left, buffer.length));
        file.write(buffer, 0, got);
        left -= got;
      }
      position = piece.offset() + piece.length();
    }
    file.truncate(sparse.size());
  }

  private void putHardLink(Root parent, RawPath path, TarEntry entry) throws IOException {
    RawPath target = linked(entry);
    FileStatus existing = root.find(target);
    if (existing == null || existing.isFolder()) {
      throw new Fault.Invalid(
          "refused to unpack \"%s\": it is a hard link to \"%s\", which is %s"
              .formatted(entry.name(), target, existing == null ? "not there" : "a folder"));
    }
    FileStatus here = parent.find(path.name());
    if (here == null || !here.sameFileAs(existing)) {
      make(parent, path.name(), () -> root.link(target, path));
    }
  }

  private static RawPath linked(TarEntry entry) {
    try {
      return inside(RawPath.of(entry.linkName()));
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid(
          "refused to unpack \"" + entry.name() + "\": its hard link leads out of the archive", e);
    }
  }

  private void putNode(Root parent, RawPath name, TarEntry entry, FileKind kind)
      throws IOException {
    make(
        parent,
        name,
        () -> parent.mknod(name, kind, 0600, entry.deviceMajor(), entry.deviceMinor()));
    setAttributes(parent, name, entry);
    setTimes(parent, name, Times.of(entry));
  }

  private void makeFolder(Root parent, RawPath name) throws IOException {
    try {
      parent.mkdir(name, 0700);
    } catch (KernelException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      if (!parent.lstat(name).isFolder()) {
        make(parent, name, () -> parent.mkdir(name, 0700));
      }
    }
  }

  /// Makes something where something else may be.
  private void make(Root parent, RawPath name, Creation creation) throws IOException {
    try {
      creation.run();
    } catch (KernelException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      parent.removeTree(name);
      creation.run();
      // What was removed may have been on the way to the folder held open.
      folderPath = RawPath.ROOT;
    }
  }

  @FunctionalInterface
  private interface Creation {
    void run() throws IOException;
  }

  /// The folder of this path, made if it is missing. Good until the next entry.
  private Root hold(RawPath path) throws IOException {
    if (path.isRoot()) {
      return root;
    }
    if (folder != null && path.equals(folderPath)) {
      return folder;
    }
    Root opened;
    try {
      opened = root.openRoot(path);
    } catch (KernelException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
      makeImplied(path);
      opened = root.openRoot(path);
    }
    closeFolder();
    folder = opened;
    folderPath = path;
    return opened;
  }

  private void makeImplied(RawPath path) throws IOException {
    RawPath made = RawPath.ROOT;
    for (RawPath component : path.components()) {
      made = made.resolve(component);
      try {
        root.mkdir(made, 0755);
      } catch (KernelException e) {
        if (e.errno() == Errno.EEXIST) {
          continue;
        }
        throw e;
      }
      TarEntry attributes = settings.implied.folder(made);
      if (attributes == null) {
        root.chmod(made, 0755);
      } else {
        setAttributes(root, made, attributes);
        folders.put(made, Times.of(attributes));
      }
    }
  }

  private void setAttributes(Root parent, RawPath name, TarEntry entry) throws IOException {
    if (settings.keepOwners) {
      parent.chown(name, entry.uid(), entry.gid());
    }
    parent.chmod(name, entry.permissions());
    for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
      if (Xattrs.isCarried(xattr.getKey())) {
        Xattrs.set(() -> parent.setXattr(name, Xattrs.bytes(xattr.getKey()), xattr.getValue()));
      }
    }
  }

  private static void setTimes(Root parent, RawPath name, Times times) throws IOException {
    parent.setTimes(name, times.accessed, times.modified);
  }

  /// Sets the times of the folders, which every entry put into them has changed.
  public void finish() throws IOException {
    for (Map.Entry<RawPath, Times> entry : folders.entrySet()) {
      FileStatus status = root.find(entry.getKey());
      if (status != null && status.isFolder()) {
        setTimes(root, entry.getKey(), entry.getValue());
      }
    }
    folders.clear();
  }

  private static IOException refused(RawPath name, KernelException e) {
    return switch (e.errno()) {
      case Errno.ENOENT,
          Errno.ENOTDIR,
          Errno.EISDIR,
          Errno.EEXIST,
          Errno.EINVAL,
          Errno.EXDEV,
          Errno.EFBIG,
          Errno.ELOOP,
          Errno.ENAMETOOLONG ->
          throw new Fault.Invalid("refused to unpack \"" + name + "\": " + e.getMessage(), e);
      case Errno.EOVERFLOW ->
          throw new Fault.Invalid(
              "refused to unpack \""
                  + name
                  + "\": its owner has no place in this user namespace ("
                  + e.getMessage()
                  + ")",
              e);
      default -> new IOException("unpacking \"" + name + "\": " + e.getMessage(), e);
    };
  }

  private void closeFolder() {
    if (folder != null) {
      folder.close();
      folder = null;
    }
  }

  /// Lets go of the folder it holds open; does not finish.
  @Override
  public void close() {
    closeFolder();
  }
}
