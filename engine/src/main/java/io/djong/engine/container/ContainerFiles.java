package io.djong.engine.container;

import io.djong.content.Compression;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.content.tar.TarWriter;
import io.djong.engine.Containers.CopySink;
import io.djong.engine.Containers.PathStat;
import io.djong.engine.container.Accounts.Identity;
import io.djong.layers.tar.TreeReader;
import io.djong.layers.tar.TreeWriter;
import io.djong.linux.Errno;
import io.djong.linux.FileStatus;
import io.djong.linux.KernelException;
import io.djong.linux.Root;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.record.ContainerRecord.MountRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files of a container, copied in and out. All paths are resolved by the kernel inside the
/// container's tree; nothing of the container is run or loaded.
final class ContainerFiles {
  private final ContainerTrees trees;

  ContainerFiles(ContainerTrees trees) {
    this.trees = trees;
  }

  /// The whole tree without what is mounted in it.
  void export(Container container, OutputStream out) throws IOException {
    try (ContainerTrees.Tree tree = trees.own(container);
        TarWriter tar = new TarWriter(out)) {
      TreeReader reader = new TreeReader(tree.root(), tar);
      List<RawPath> names = new java.util.ArrayList<>(tree.root().list(RawPath.ROOT));
      names.sort(null);
      for (RawPath name : names) {
        reader.putTree(name, name);
      }
    }
  }

  /// @param ref how the user calls it, for what it is told
  PathStat stat(Container container, String ref, String path) throws IOException {
    try (ContainerTrees.Tree tree = trees.whole(container)) {
      return stat(tree.root(), InnerPath.of(path), ref).answer();
    }
  }

  private record Found(FileStatus status, PathStat answer) {}

  private static Found stat(Root root, InnerPath path, String ref) throws IOException {
    try {
      FileStatus status = path.followed() ? root.stat(path.path()) : root.lstat(path.path());
      if (path.followed() && !status.isFolder()) {
        throw new Fault.Invalid("stat " + path.text() + ": not a directory");
      }
      String target = status.isSymlink() ? InnerPath.target(root, path.path()) : "";
      return new Found(
          status,
          new PathStat(
              path.name(),
              status.size(),
              GoFileMode.of(status),
              status.modified().toString(),
              target));
    } catch (KernelException e) {
      throw missing(e, path, ref);
    }
  }

  private static IOException missing(KernelException e, InnerPath path, String ref)
      throws KernelException {
    if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
      throw new Fault.NotFound("Could not find the file " + path.text() + " in container " + ref);
    }
    throw e;
  }

  PathStat copyOut(Container container, String ref, String text, CopySink sink) throws IOException {
    InnerPath path = InnerPath.of(text);
    try (ContainerTrees.Tree tree = trees.whole(container)) {
      Found found = stat(tree.root(), path, ref);
      boolean dotted = path.name().equals(".");
      try (TarWriter tar = new TarWriter(sink.open(found.answer()), dotted)) {
        if (path.followed() && found.status().isFolder()) {
          // The folder that a link may lead to, under the name that was asked for.
          try (Root folder = tree.root().openRoot(path.path())) {
            new TreeReader(folder, tar).putTree(RawPath.ROOT, RawPath.of(path.name()));
          }
        } else {
          new TreeReader(tree.root(), tar).putTree(path.path(), RawPath.of(path.name()));
        }
      }
      return found.answer();
    }
  }

  void copyIn(
      Container container,
      String ref,
      String text,
      InputStream archive,
      boolean noOverwriteDirNonDir,
      boolean copyUidGid)
      throws IOException {
    InnerPath path = InnerPath.of(text);
    try (ContainerTrees.Tree tree = trees.whole(container);
        Root folder = folder(tree.root(), path, ref)) {
      checkWritable(container, path);
      Identity owner = copyUidGid ? owner(container, tree.root()) : null;
      try (InputStream plain = Compression.inflate(archive, Compression.Limits.LAYER)) {
        unpack(new TarReader(plain), folder, noOverwriteDirNonDir, owner);
      }
    } catch (KernelException e) {
      if (e.errno() == Errno.EROFS) {
        throw new Fault.Denied("container rootfs is marked read-only");
      }
      throw e;
    }
  }

  private static Root folder(Root root, InnerPath path, String ref) throws IOException {
    try {
      if (!root.stat(path.path()).isFolder()) {
        throw new Fault.Invalid("extraction point is not a directory");
      }
      return root.openRoot(path.path());
    } catch (KernelException e) {
      throw missing(e, path, ref);
    }
  }

  private static void checkWritable(Container container, InnerPath path) {
    MountRecord inside = null;
    for (MountRecord mount : container.record().mounts()) {
      boolean fits = path.path().startsWith(RawPath.of(mount.destination()));
      if (fits
          && (inside == null || mount.destination().length() > inside.destination().length())) {
        inside = mount;
      }
    }
    if (inside != null && !inside.writable()) {
      throw new Fault.Denied("mounted volume is marked read-only");
    }
    if (inside == null && container.record().host().readonlyRootfs()) {
      throw new Fault.Denied("container rootfs is marked read-only");
    }
  }

  /// Whom files belong to that are copied with the container's own owner.
  private static @Nullable Identity owner(Container container, Root root) throws IOException {
    String user = container.record().config().user();
    return user == null || user.isEmpty()
        ? null
        : new Preflight(root).accounts().resolve(user, List.of());
  }

  private static void unpack(
      TarReader tar, Root folder, boolean keepKinds, @Nullable Identity owner) throws IOException {
    try (TreeWriter writer = new TreeWriter(folder, TreeWriter.Settings.PLAIN)) {
      for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
        if (keepKinds) {
          checkKind(folder, entry);
        }
        writer.put(
            owner == null ? entry : entry.withOwner((int) owner.uid(), (int) owner.gid()), tar);
      }
      writer.finish();
    }
  }

  private static void checkKind(Root folder, TarEntry entry) throws IOException {
    RawPath path = TreeWriter.inside(entry.name());
    FileStatus there = path.isRoot() ? null : folder.find(path);
    boolean isFolder = entry.kind() == TarEntry.Kind.FOLDER;
    if (there != null && there.isFolder() && !isFolder) {
      throw new Fault.Invalid(
          "cannot overwrite directory \"" + path + "\" with non-directory \"" + path + "\"");
    }
    if (there != null && !there.isFolder() && !there.isSymlink() && isFolder) {
      throw new Fault.Invalid(
          "cannot overwrite non-directory \"" + path + "\" with directory \"" + path + "\"");
    }
  }
}
