package io.djong.engine.volume;

import io.djong.linux.Errno;
import io.djong.linux.FileInput;
import io.djong.linux.FileOutput;
import io.djong.linux.FileStatus;
import io.djong.linux.KernelException;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Copies a folder of a tree into an empty one: contents, owners, permissions, times, links,
/// devices and extended attributes. For one thread.
public final class TreeCopy {
  private final Root from;
  private final Root to;
  private final Map<Long, RawPath> linked = new HashMap<>();

  private TreeCopy(Root from, Root to) {
    this.from = from;
    this.to = to;
  }

  /// Does nothing if the volume has anything in it, or the tree has no folder there.
  public static void fill(Root tree, String folder, Root volume) throws IOException {
    RawPath path = RawPath.of(folder);
    FileStatus status = tree.find(path);
    if (status == null || !volume.list(RawPath.ROOT).isEmpty()) {
      return;
    }
    if (status.isSymlink()) {
      status = behind(tree, path);
    }
    if (status == null || !status.isFolder()) {
      return;
    }
    try (Root source = tree.openRoot(path)) {
      copy(source, volume);
    }
  }

  /// Copies all that is in one root into another, which is empty.
  static void copy(Root from, Root to) throws IOException {
    TreeCopy copy = new TreeCopy(from, to);
    copy.copyFolder(RawPath.ROOT);
    copy.copyAttributes(RawPath.ROOT, from.stat(RawPath.ROOT));
  }

  private static @Nullable FileStatus behind(Root tree, RawPath link) throws IOException {
    try {
      return tree.stat(link);
    } catch (KernelException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ELOOP || e.errno() == Errno.ENOTDIR) {
        return null; // It leads nowhere inside the tree.
      }
      throw e;
    }
  }

  private void copyFolder(RawPath folder) throws IOException {
    for (RawPath name : from.list(folder)) {
      RawPath path = folder.resolve(name);
      FileStatus status = from.lstat(path);
      RawPath first = linked.get(status.inode());
      if (status.links() > 1 && !status.isFolder() && first != null) {
        to.link(first, path);
        continue;
      }
      copy(path, status);
      if (status.links() > 1 && !status.isFolder()) {
        linked.put(status.inode(), path);
      }
    }
  }

  private void copy(RawPath path, FileStatus status) throws IOException {
    switch (status.kind()) {
      case REGULAR -> {
        try (FileInput in = from.read(path);
            FileOutput out = to.create(path, 0600)) {
          in.transferTo(out);
        }
      }
      case FOLDER -> {
        to.mkdir(path, 0700);
        copyFolder(path);
      }
      case SYMLINK -> to.symlink(from.readlink(path), path);
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET ->
          to.mknod(path, status.kind(), 0600, status.deviceMajor(), status.deviceMinor());
    }
    copyAttributes(path, status);
  }

  private void copyAttributes(RawPath path, FileStatus status) throws IOException {
    to.chown(path, status.uid(), status.gid());
    if (!status.isSymlink()) {
      to.chmod(path, status.permissions());
      for (byte[] name : from.xattrs(path)) {
        byte[] value = from.xattr(path, name);
        if (value != null && !startsWith(name, "trusted.") && !startsWith(name, "system.")) {
          to.setXattr(path, name, value);
        }
      }
    }
    to.setTimes(path, status.accessed(), status.modified());
  }

  private static boolean startsWith(byte[] name, String prefix) {
    return new String(name, java.nio.charset.StandardCharsets.ISO_8859_1).startsWith(prefix);
  }
}
