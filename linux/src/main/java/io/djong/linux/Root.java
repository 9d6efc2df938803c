package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import io.djong.model.RawPath;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A folder and everything below it, held by a descriptor. No path leads out of it: the kernel
/// resolves each inside the folder (`openat2(2)` with `RESOLVE_IN_ROOT` and
/// `RESOLVE_NO_MAGICLINKS`), absolute links start at the folder, `..` stops there, and links of
/// `/proc` are refused. That holds also while others rename what is inside.
///
/// Safe for use by several threads; closing it while a verb runs is a mistake of the caller. Every
/// verb throws [KernelException] when the kernel refuses; what it made is durable only after
/// [#sync]. The last component is never followed if it is a link, but where a verb says so.
///
/// A tree that is mounted with other owners can be opened so that its owners are told and taken as
/// they are kept, as its container sees them.
public final class Root implements AutoCloseable {
  private final int folder;
  private final String name;
  private final @Nullable ShiftedOwners owners;

  /// Whether the owners go with this root.
  private final boolean first;

  private Root(int folder, String name, @Nullable ShiftedOwners owners, boolean first) {
    this.folder = folder;
    this.name = name;
    this.owners = owners;
    this.first = first;
  }

  /// Opens a folder of the machine. The path itself is followed as any program would.
  public static Root open(Path folder) throws IOException {
    return open(folder, null);
  }

  /// The same, of a tree that is mounted with other owners.
  ///
  /// @param shown how its owners are shown to this process; ids that have no place there are told
  ///   as nobody's, and refused with [Errno#EOVERFLOW] where a verb takes them
  public static Root open(Path folder, @Nullable IdMapping shown) throws IOException {
    String absolute = folder.toAbsolutePath().toString();
    try (Frame frame = new Frame()) {
      int flags = Descriptors.O_PATH | Syscall.O_DIRECTORY;
      return new Root(
          Descriptors.openAnywhere(frame, absolute, flags),
          absolute,
          shown == null ? null : new ShiftedOwners(shown),
          true);
    }
  }

  /// The folder of this path as a root of its own; links are followed inside this one.
  public Root openRoot(RawPath path) throws IOException {
    return new Root(openFolder(path, Descriptors.O_PATH), name + "/" + path, owners, false);
  }

  /// What is there, following a link.
  public FileStatus stat(RawPath path) throws IOException {
    return status(path, 0);
  }

  /// What is there; of a link the link itself.
  public FileStatus lstat(RawPath path) throws IOException {
    return status(path, Syscall.O_NOFOLLOW);
  }

  /// Like [#lstat], and null if there is nothing of that name or a component before it is missing
  /// or no folder.
  public @Nullable FileStatus find(RawPath path) throws IOException {
    try {
      return lstat(path);
    } catch (KernelException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
        return null;
      }
      throw e;
    }
  }

  /// Holds what is there, following links, so that it can be named to `mount(2)` and other
  /// processes.
  public PinnedPath pin(RawPath path) throws IOException {
    try (Frame frame = new Frame()) {
      int opened = Descriptors.open(frame, folder, path, Descriptors.O_PATH, 0, 0);
      try {
        return new PinnedPath(opened, kept(Descriptors.status(frame, opened, new byte[0], path)));
      } catch (KernelException e) {
        Descriptors.close(opened);
        throw e;
      }
    }
  }

  /// The names in a folder as paths of one component, in no order.
  public List<RawPath> list(RawPath path) throws IOException {
    int opened = openFolder(path, Descriptors.O_RDONLY);
    try {
      return FolderListing.names(opened, path);
    } finally {
      Descriptors.close(opened);
    }
  }

  /// Reads a regular file, following links. Anything else is refused without being opened, since to
  /// open a device or a fifo has effects.
  public FileInput read(RawPath path) throws IOException {
    try (PinnedPath pinned = pin(path)) {
      if (!pinned.status().isRegular()) {
        throw Syscall.OPENAT2.failed(
            path, pinned.status().isFolder() ? -Errno.EISDIR : -Errno.EINVAL);
      }
      return new FileInput(reopen(pinned, path), path, pinned.status(), owners);
    }
  }

  /// Makes a new regular file. Fails with [Errno#EEXIST] if the name is taken, also by a link.
  public FileOutput create(RawPath path, int permissions) throws IOException {
    int flags =
        Descriptors.O_WRONLY | Descriptors.O_CREAT | Descriptors.O_EXCL | Syscall.O_NOFOLLOW;
    int made =
        make(
            path,
            parent ->
                Descriptors.open(parent.frame, parent.folder, path.name(), flags, permissions, 0));
    return new FileOutput(made, path, owners);
  }

  public void mkdir(RawPath path, int permissions) throws IOException {
    make(path, parent -> parent.check(Syscall.MKDIRAT, parent.name(), permissions));
  }

  /// Makes the folder and those above it that are missing, following links inside the root.
  /// Idempotent.
  public void mkdirs(RawPath path, int permissions) throws IOException {
    if (path.isRoot()) {
      return;
    }
    try {
      mkdir(path, permissions);
    } catch (KernelException e) {
      if (e.errno() == Errno.ENOENT && !path.parent().isRoot()) {
        mkdirs(path.parent(), permissions);
        mkdirs(path, permissions);
      } else if (e.errno() != Errno.EEXIST || !stat(path).isFolder()) {
        throw e;
      }
    }
  }

  /// @param target what the link says; any bytes, never resolved here
  public void symlink(byte[] target, RawPath path) throws IOException {
    make(
        path,
        parent ->
            parent.frame.check(
                Syscall.SYMLINKAT, path, parent.frame.text(target), parent.folder, parent.name()));
  }

  /// Gives a file one more name.
  public void link(RawPath existing, RawPath path) throws IOException {
    try (ParentFolder from = new ParentFolder(folder, existing);
        ParentFolder to = new ParentFolder(folder, path)) {
      to.frame.check(Syscall.LINKAT, path, from.folder, from.name(), to.folder, to.name(), 0);
    }
  }

  /// Makes a device, a fifo or a socket.
  public void mknod(RawPath path, FileKind kind, int permissions, int major, int minor)
      throws IOException {
    long mode = kind.bits() | permissions;
    make(path, parent -> parent.check(Syscall.MKNODAT, parent.name(), mode, device(major, minor)));
  }

  public void mkfifo(RawPath path, int permissions) throws IOException {
    mknod(path, FileKind.FIFO, permissions, 0, 0);
  }

  /// Removes a name that is no folder's.
  public void unlink(RawPath path) throws IOException {
    try (ParentFolder parent = new ParentFolder(folder, path)) {
      parent.check(Syscall.UNLINKAT, parent.name(), 0);
    }
  }

  /// Removes an empty folder.
  public void rmdir(RawPath path) throws IOException {
    try (ParentFolder parent = new ParentFolder(folder, path)) {
      parent.check(Syscall.UNLINKAT, parent.name(), Descriptors.AT_REMOVEDIR);
    }
  }

  /// Removes whatever is there with all below it, without following links and without entering
  /// other file systems: what is mounted inside ends it with [Errno#EBUSY] or [Errno#EXDEV].
  /// Idempotent. Of the root itself it removes all that is inside.
  public void removeTree(RawPath path) throws IOException {
    if (path.isRoot()) {
      for (RawPath child : list(path)) {
        removeTree(child);
      }
      return;
    }
    try (ParentFolder parent = new ParentFolder(folder, path)) {
      TreeRemoval.remove(parent.folder, path);
    } catch (KernelException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
  }

  /// Renames, replacing a file by a file and an empty folder by a folder, at once.
  public void rename(RawPath from, RawPath to) throws IOException {
    rename(from, to, 0);
  }

  /// Renames; fails with [Errno#EEXIST] if the new name is taken.
  public void renameNew(RawPath from, RawPath to) throws IOException {
    rename(from, to, 1);
  }

  /// Lets two names change places, at once; both must be there.
  public void exchange(RawPath one, RawPath other) throws IOException {
    rename(one, other, 2);
  }

  private void rename(RawPath from, RawPath to, int flags) throws IOException {
    try (ParentFolder source = new ParentFolder(folder, from);
        ParentFolder target = new ParentFolder(folder, to)) {
      target.frame.check(
          Syscall.RENAMEAT2, to, source.folder, source.name(), target.folder, target.name(), flags);
    }
  }

  /// Sets the owner, of a link its own. The kernel drops setuid, setgid and file capabilities with
  /// it.
  public void chown(RawPath path, int uid, int gid) throws IOException {
    try (InodeHandle pin = new InodeHandle(folder, path)) {
      pin.frame.check(
          Syscall.FCHOWNAT,
          path,
          pin.descriptor,
          pin.frame.text(new byte[0]),
          owners == null ? uid : owners.user(path, uid),
          owners == null ? gid : owners.group(path, gid),
          Descriptors.AT_EMPTY_PATH);
    }
  }

  /// Sets the permissions. Links have none: [Errno#EOPNOTSUPP].
  public void chmod(RawPath path, int permissions) throws IOException {
    try (InodeHandle pin = new InodeHandle(folder, path)) {
      pin.frame.check(Syscall.FCHMODAT, path, Descriptors.AT_FDCWD, pin.procPath(), permissions);
    }
  }

  /// Sets the times, of a link its own.
  public void setTimes(RawPath path, Instant accessed, Instant modified) throws IOException {
    try (InodeHandle pin = new InodeHandle(folder, path)) {
      pin.frame.check(
          Syscall.UTIMENSAT,
          path,
          pin.descriptor,
          pin.frame.text(new byte[0]),
          Descriptors.times(pin.frame, accessed, modified),
          Descriptors.AT_EMPTY_PATH);
    }
  }

  /// What a link says.
  public byte[] readlink(RawPath path) throws IOException {
    try (InodeHandle pin = new InodeHandle(folder, path)) {
      MemorySegment target = pin.frame.allocate(4096);
      long length =
          pin.frame.check(
              Syscall.READLINKAT,
              path,
              pin.descriptor,
              pin.frame.text(new byte[0]),
              target.address(),
              target.byteSize());
      return target.asSlice(0, length).toArray(Libc.BYTE);
    }
  }

  /// The value of an extended attribute, of a link its own; null if there is none.
  public byte @Nullable [] xattr(RawPath path, byte[] attribute) throws IOException {
    try (InodeHandle pin = new InodeHandle(folder, path)) {
      byte[] found =
          XattrCalls.value(
              pin.frame,
              path,
              (value, size) ->
                  pin.frame.call(
                      Syscall.GETXATTR,
                      pin.procPath(),
                      pin.frame.text(attribute),
                      value.address(),
                      size));
      return owners == null ? found : owners.kept(attribute, found);
    }
  }

  /// The names of the extended attributes, of a link its own, in the order of the kernel.
  public List<byte[]> xattrs(RawPath path) throws IOException {
    try (InodeHandle pin = new InodeHandle(folder, path)) {
      return XattrCalls.names(
          pin.frame,
          path,
          (names, size) ->
              pin.frame.call(Syscall.LISTXATTR, pin.procPath(), names.address(), size));
    }
  }

  /// Sets an extended attribute, of a link its own.
  public void setXattr(RawPath path, byte[] attribute, byte[] value) throws IOException {
    try (InodeHandle pin = new InodeHandle(folder, path)) {
      byte[] shown = owners == null ? value : owners.shown(attribute, value);
      MemorySegment bytes = pin.frame.allocate(Math.max(1, shown.length));
      MemorySegment.copy(shown, 0, bytes, Libc.BYTE, 0, shown.length);
      pin.frame.check(
          Syscall.SETXATTR,
          path,
          pin.procPath(),
          pin.frame.text(attribute),
          bytes.address(),
          shown.length,
          0);
    }
  }

  /// Removes an extended attribute. Fails with [Errno#ENODATA] if there is none.
  public void removeXattr(RawPath path, byte[] attribute) throws IOException {
    try (InodeHandle pin = new InodeHandle(folder, path)) {
      pin.frame.check(Syscall.REMOVEXATTR, path, pin.procPath(), pin.frame.text(attribute));
    }
  }

  /// Waits until a folder's names, or a regular file's bytes, are on the disk (`fsync(2)`). Follows
  /// links.
  public void sync(RawPath path) throws IOException {
    try (PinnedPath pinned = pin(path)) {
      if (!pinned.status().isFolder() && !pinned.status().isRegular()) {
        throw Syscall.FSYNC.failed(path, -Errno.EINVAL);
      }
      int opened = reopen(pinned, path);
      try (Frame frame = new Frame()) {
        frame.check(Syscall.FSYNC, path, opened);
      } finally {
        Descriptors.close(opened);
      }
    }
  }

  /// Waits until everything on this folder's file system is on the disk (`syncfs(2)`).
  public void syncFileSystem() throws IOException {
    int opened = openFolder(RawPath.ROOT, Descriptors.O_RDONLY);
    try (Frame frame = new Frame()) {
      frame.check(Syscall.SYNCFS, name, opened);
    } finally {
      Descriptors.close(opened);
    }
  }

  /// The folder as a path that is good as long as this is open, for `mount(2)` and the like.
  public Path path() {
    return Path.of(Descriptors.procPath(folder));
  }

  private FileStatus status(RawPath path, int follow) throws KernelException {
    try (Frame frame = new Frame()) {
      if (follow == Syscall.O_NOFOLLOW && path.depth() == 1 && !path.climbs()) {
        // A name in the folder itself: nothing is resolved that could lead out.
        return kept(Descriptors.status(frame, folder, path.bytes(), path));
      }
      int opened = Descriptors.open(frame, folder, path, Descriptors.O_PATH | follow, 0, 0);
      try {
        return kept(Descriptors.status(frame, opened, new byte[0], path));
      } finally {
        Descriptors.close(opened);
      }
    }
  }

  private FileStatus kept(FileStatus status) {
    return owners == null ? status : owners.kept(status);
  }

  /// Makes something new, whose owner is the one of the thread.
  private <T> T make(RawPath path, Making<T> action) throws IOException {
    if (owners != null) {
      return owners.make(() -> makeHere(path, action));
    }
    return makeHere(path, action);
  }

  private <T> T makeHere(RawPath path, Making<T> action) throws IOException {
    try (ParentFolder parent = new ParentFolder(folder, path)) {
      return action.in(parent);
    }
  }

  @FunctionalInterface
  private interface Making<T> {
    T in(ParentFolder parent) throws IOException;
  }

  private int openFolder(RawPath path, int flags) throws KernelException {
    try (Frame frame = new Frame()) {
      return Descriptors.open(frame, folder, path, flags | Syscall.O_DIRECTORY, 0, 0);
    }
  }

  private static int reopen(PinnedPath pinned, RawPath subject) throws KernelException {
    try (Frame frame = new Frame()) {
      return Descriptors.openAnywhere(frame, pinned.path().toString(), Descriptors.O_RDONLY);
    } catch (KernelException e) {
      throw Syscall.OPENAT2.failed(subject, -e.errno());
    }
  }

  /// The number of a device as `mknod(2)` takes it.
  private static long device(int major, int minor) {
    return (minor & 0xffL) | ((major & 0xfffL) << 8) | ((minor & 0xfff00L) << 12);
  }

  @Override
  public void close() {
    Descriptors.close(folder);
    if (first && owners != null) {
      owners.close();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
