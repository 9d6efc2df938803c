package io.djong.build.context;

import io.djong.content.tar.TarEntry;
import io.djong.layers.tar.Xattrs;
import io.djong.linux.Errno;
import io.djong.linux.FileStatus;
import io.djong.linux.KernelException;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A folder of this machine, as a tree to read: the mounted tree of an image, say.
public final class RootTree implements FileTree {
  private final Root root;

  /// @param root closed with this
  public RootTree(Root root) {
    this.root = root;
  }

  public Root root() {
    return root;
  }

  @Override
  public @Nullable TarEntry find(RawPath path) throws IOException {
    FileStatus status = root.find(path);
    if (status == null) {
      return null;
    }
    TarEntry.Kind kind =
        switch (status.kind()) {
          case REGULAR -> TarEntry.Kind.FILE;
          case FOLDER -> TarEntry.Kind.FOLDER;
          case SYMLINK -> TarEntry.Kind.SYMLINK;
          case CHARACTER_DEVICE -> TarEntry.Kind.CHARACTER_DEVICE;
          case BLOCK_DEVICE -> TarEntry.Kind.BLOCK_DEVICE;
          case FIFO -> TarEntry.Kind.FIFO;
          case SOCKET -> null;
        };
    if (kind == null) {
      return null;
    }
    boolean xattrs = kind == TarEntry.Kind.FILE || kind == TarEntry.Kind.FOLDER;
    return new TarEntry(
        kind,
        path,
        status.permissions(),
        status.uid(),
        status.gid(),
        kind == TarEntry.Kind.FILE ? status.size() : 0,
        status.modified(),
        null,
        kind == TarEntry.Kind.SYMLINK ? root.readlink(path) : new byte[0],
        status.deviceMajor(),
        status.deviceMinor(),
        xattrs ? Xattrs.of(root, path) : Collections.emptySortedMap());
  }

  @Override
  public List<RawPath> list(RawPath folder) throws IOException {
    return root.list(folder).stream().sorted().toList();
  }

  @Override
  public InputStream open(RawPath file) throws IOException {
    try {
      return root.read(file);
    } catch (KernelException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.EINVAL || e.errno() == Errno.EISDIR) {
        throw new Fault.NotFound("\"" + file + "\" is no file");
      }
      throw e;
    }
  }

  @Override
  public Digest digest(RawPath file) throws IOException {
    MessageDigest hash = Digest.newHash(Digest.SHA256);
    byte[] piece = new byte[1 << 17];
    try (InputStream in = open(file)) {
      for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
        hash.update(piece, 0, got);
      }
    }
    return Digest.ofHash(Digest.SHA256, hash.digest());
  }

  @Override
  public void close() {
    root.close();
  }
}
