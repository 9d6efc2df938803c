package io.djong.layers.erofs;

import io.djong.content.tar.SparseMap;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.layers.overlay.LayerTarget;
import io.djong.layers.tar.TreeWriter;
import io.djong.linux.FileKind;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tree of a layer in memory, without the content of its files: of that it knows only where in
/// the tar it lies. What entries do to it is what they do to folders on the disk
/// ([io.djong.layers.tar.TreeWriter]): what is in the way is replaced, a folder meets a folder and
/// keeps what is inside, missing folders are made, links on the way are followed inside. For one
/// thread.
final class IndexedTree implements LayerTarget {
  private static final int NAME = 255;
  private static final int PATH = 4095;
  private static final String OPAQUE = "trusted.overlay.opaque";

  private final Inode root;
  private final PathWalk walk;
  private final TreeWriter.ImpliedFolders implied;
  private final IndexLimits limits;
  private boolean rootNamed;

  /// The time of the latest entry: what it implies has it too, so that the same tar always gives
  /// the same tree.
  private Instant now = Instant.EPOCH;

  /// The folder of the entry before: most entries are in the same.
  private @Nullable Inode folder;

  private RawPath folderPath = RawPath.ROOT;

  IndexedTree(TreeWriter.ImpliedFolders implied, IndexLimits limits) {
    this.root = Inode.folder(0755, Instant.EPOCH, null);
    this.walk = new PathWalk(root);
    this.implied = implied;
    this.limits = limits;
  }

  Inode root() {
    return root;
  }

  @Override
  public void put(TarEntry entry, TarReader archive) throws IOException {
    now = entry.modified();
    RawPath path = TreeWriter.inside(entry.name());
    if (path.isRoot()) {
      putRoot(entry);
      return;
    }
    if (!rootNamed && root.names().isEmpty()) {
      root.setModified(now);
    }
    Inode parent = hold(path.parent(), entry.name());
    RawPath name = path.name();
    if (name.length() > NAME) {
      throw refused(entry.name(), "a name of more than 255 bytes");
    }
    switch (entry.kind()) {
      case FILE -> replace(parent, name, file(entry, archive));
      case HARD_LINK -> link(parent, name, entry);
      case FOLDER -> {
        Inode here = parent.names().get(name);
        if (here == null || !here.isFolder()) {
          here = Inode.folder(0, now, parent);
          replace(parent, name, here);
        }
        setAttributes(here, entry);
      }
      case SYMLINK -> replace(parent, name, symlink(entry));
      case CHARACTER_DEVICE -> replace(parent, name, node(entry, FileKind.CHARACTER_DEVICE));
      case BLOCK_DEVICE -> replace(parent, name, node(entry, FileKind.BLOCK_DEVICE));
      case FIFO -> replace(parent, name, node(entry, FileKind.FIFO));
    }
  }

  private void putRoot(TarEntry entry) {
    if (entry.kind() != TarEntry.Kind.FOLDER) {
      throw refused(entry.name(), "the root is a folder");
    }
    rootNamed = true;
    setAttributes(root, entry);
  }

  private Inode file(TarEntry entry, TarReader archive) {
    Inode file = new Inode(FileKind.REGULAR, entry.permissions(), entry.modified());
    SparseMap sparse = archive.sparse();
    file.size = entry.size();
    file.stored = archive.storedPosition();
    file.sparse = sparse;
    if (sparse != null) {
      limits.charge(entry.name(), 48L * sparse.pieces().size());
    }
    setAttributes(file, entry);
    return file;
  }

  private Inode symlink(TarEntry entry) {
    byte[] target = entry.linkName();
    if (target.length > PATH) {
      throw refused(entry.name(), "a link to a path of more than 4095 bytes");
    }
    Inode link = new Inode(FileKind.SYMLINK, 0777, entry.modified());
    link.uid = entry.uid();
    link.gid = entry.gid();
    link.target = target;
    link.size = target.length;
    limits.charge(entry.name(), target.length);
    return link;
  }

  private Inode node(TarEntry entry, FileKind kind) {
    Inode node = new Inode(kind, entry.permissions(), entry.modified());
    if (kind != FileKind.FIFO) {
      node.device = IndexFormat.device(entry.deviceMajor(), entry.deviceMinor());
    }
    setAttributes(node, entry);
    return node;
  }

  private void link(Inode parent, RawPath name, TarEntry entry) {
    RawPath target;
    try {
      target = TreeWriter.inside(RawPath.of(entry.linkName()));
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid(
          "refused to unpack \"" + entry.name() + "\": its hard link leads out of the archive", e);
    }
    Inode existing = walk.find(target).inode();
    if (existing == null || existing.isFolder()) {
      throw refused(
          entry.name(),
          "it is a hard link to \"%s\", which is %s"
              .formatted(target, existing == null ? "not there" : "a folder"));
    }
    Inode here = parent.names().get(name);
    if (here == existing) {
      return;
    }
    if (here != null) {
      remove(parent, name);
      if (walk.find(target).inode() != existing) {
        throw refused(entry.name(), "it is a hard link to what it replaces");
      }
    }
    add(parent, name, existing);
  }

  private void setAttributes(Inode inode, TarEntry entry) {
    inode.uid = entry.uid();
    inode.gid = entry.gid();
    inode.permissions = entry.permissions();
    inode.setModified(entry.modified());
    for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
      if (InodeXattrs.isKept(inode.kind, xattr.getKey())) {
        InodeXattrs.check(entry.name(), xattr.getKey(), xattr.getValue());
        inode.setAttribute(xattr.getKey(), xattr.getValue());
        limits.charge(entry.name(), 64L + xattr.getKey().length() + xattr.getValue().length);
      }
    }
    InodeXattrs.checkSize(entry.name(), inode.attributes());
  }

  private void replace(Inode parent, RawPath name, Inode inode) {
    if (parent.names().containsKey(name)) {
      remove(parent, name);
    }
    add(parent, name, inode);
  }

  private void remove(Inode parent, RawPath name) {
    parent.names().remove(name);
    // What was removed may have been on the way to the folder held.
    folder = null;
  }

  private void add(Inode parent, RawPath name, Inode inode) {
    limits.count(name);
    parent.names().put(name, inode);
  }

  /// The folder of this path, made if it is missing.
  private Inode hold(RawPath path, RawPath subject) throws IOException {
    if (path.isRoot()) {
      return root;
    }
    if (folder != null && path.equals(folderPath)) {
      return folder;
    }
    if (path.length() > PATH) {
      throw refused(subject, "a path of more than 4095 bytes");
    }
    PathWalk.End end = walk.follow(path);
    if (end.missing()) {
      makeImplied(path, subject);
      end = walk.follow(path);
    }
    Inode found = end.inode();
    if (found == null || !found.isFolder()) {
      throw refused(subject, "\"" + path + "\": " + (found == null ? end.why() : "not a folder"));
    }
    folder = found;
    folderPath = path;
    return found;
  }

  private void makeImplied(RawPath path, RawPath subject) throws IOException {
    RawPath made = RawPath.ROOT;
    Inode parent = root;
    for (RawPath component : path.components()) {
      made = made.resolve(component);
      Inode here = parent.names().get(component);
      if (here == null) {
        here = Inode.folder(0755, now, parent);
        TarEntry attributes = implied.folder(made);
        if (attributes != null) {
          setAttributes(here, attributes);
        }
        if (component.length() > NAME) {
          throw refused(subject, "a name of more than 255 bytes");
        }
        add(parent, component, here);
      } else if (!here.isFolder()) {
        // A link is followed; what is made next is made where it leads.
        PathWalk.End end = walk.follow(made);
        here = end.inode();
        if (here == null || !here.isFolder()) {
          throw refused(subject, "\"" + made + "\": " + (here == null ? end.why() : "no folder"));
        }
      }
      parent = here;
    }
  }

  @Override
  public Found find(RawPath path) {
    Inode found = walk.find(path).inode();
    if (found == null) {
      return Found.NOTHING;
    }
    return found.isFolder() ? Found.FOLDER : Found.OTHER;
  }

  @Override
  public void makeFolder(RawPath path) throws IOException {
    hold(path, path);
  }

  @Override
  public void makeWhiteout(RawPath path) throws IOException {
    Inode parent = hold(path.parent(), path);
    if (path.name().length() > NAME) {
      throw refused(path, "a name of more than 255 bytes");
    }
    add(parent, path.name(), new Inode(FileKind.CHARACTER_DEVICE, 0, Instant.EPOCH));
  }

  @Override
  public void makeOpaque(RawPath path) {
    Inode inode = walk.find(path).inode();
    if (inode != null && inode.isFolder()) {
      inode.setAttribute(OPAQUE, new byte[] {'y'});
    }
  }

  @Override
  public void finish() {}

  @Override
  public void close() {}

  private static Fault.Invalid refused(RawPath name, String why) {
    return new Fault.Invalid("refused to unpack \"" + name + "\": " + why);
  }
}
