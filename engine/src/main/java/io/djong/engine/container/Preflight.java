package io.djong.engine.container;

import io.djong.layers.Snapshotter;
import io.djong.linux.Errno;
import io.djong.linux.FileStatus;
import io.djong.linux.KernelException;
import io.djong.linux.PinnedPath;
import io.djong.linux.Root;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks at a container's tree before the runtime does, so that no link in an image leads the
/// runtime outside: runtimes of this age follow some. Makes what the runtime would have made. For
/// one thread.
final class Preflight {
  private static final byte[] PLACEHOLDER =
      Snapshotter.PLACEHOLDER.getBytes(StandardCharsets.US_ASCII);
  private static final List<String> KERNEL_FOLDERS = List.of("dev", "proc", "sys");
  private static final int MAX_LINKS = 40;
  private static final int MAX_ACCOUNTS = 10 << 20;

  private final Root root;

  Preflight(Root root) {
    this.root = root;
  }

  /// `/dev`, `/proc` and `/sys` are folders, made if they are missing.
  ///
  /// @throws Fault.Invalid if one is anything else
  void checkKernelFolders() throws IOException {
    for (String name : KERNEL_FOLDERS) {
      RawPath path = RawPath.of(name);
      FileStatus status = root.find(path);
      if (status == null) {
        root.mkdir(path, 0755);
        root.setXattr(path, PLACEHOLDER, new byte[0]);
      } else if (!status.isFolder()) {
        throw new Fault.Invalid(
            "the image has something else than a folder at /"
                + name
                + ": containers cannot be started from it");
      }
    }
  }

  /// Makes what a mount of every container goes onto; it does not count as a change of the
  /// container's.
  void holdPlace(String file) throws IOException {
    RawPath folder = RawPath.of(file).parent();
    FileStatus before = root.find(folder);
    RawPath made = makeTarget(file, false);
    if (made != null) {
      root.setXattr(made, PLACEHOLDER, new byte[0]);
      if (before != null && made.parent().equals(folder)) {
        root.setTimes(folder, before.accessed(), before.modified());
      }
    }
  }

  /// Makes what a mount goes onto, following links inside the tree alone. What is there stays.
  ///
  /// @return what was made, or null
  @Nullable RawPath makeTarget(String destination, boolean folder) throws IOException {
    RawPath path = RawPath.of(destination);
    for (int links = 0; links < MAX_LINKS; links++) {
      FileStatus status = root.find(path);
      if (status == null) {
        makeParents(path.parent());
        if (folder) {
          root.mkdir(path, 0755);
        } else {
          root.create(path, 0755).close();
        }
        return path;
      }
      if (!status.isSymlink()) {
        return null;
      }
      byte[] target = root.readlink(path);
      path =
          target.length > 0 && target[0] == '/'
              ? RawPath.of(target)
              : path.parent().resolve(target);
    }
    throw new Fault.Invalid("mount target " + destination + ": too many levels of symbolic links");
  }

  private void makeParents(RawPath folder) throws IOException {
    if (!folder.isRoot()) {
      makeTarget(folder.toString(), true);
    }
  }

  /// Makes the working directory if it is missing.
  ///
  /// @throws Fault.Invalid if it cannot be one
  void makeWorkingDirectory(String path) throws IOException {
    RawPath working = RawPath.of(path);
    if (working.isRoot()) {
      return;
    }
    try {
      root.mkdirs(working, 0755);
      checkNotOfTheKernel(path, working);
    } catch (KernelException e) {
      if (isUsersFault(e)) {
        throw new Fault.Invalid(
            "the working directory " + path + " cannot be used: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  /// A folder below `/proc` is hidden by the kernel's own, where a descriptor of the host may be.
  private void checkNotOfTheKernel(String path, RawPath working) throws IOException {
    if (firstOfReal(working).equals("proc")) {
      throw new Fault.Invalid(
          "the working directory " + path + " cannot be used: it lies in /proc");
    }
  }

  private static boolean isUsersFault(KernelException e) {
    return e.errno() == Errno.ENOTDIR
        || e.errno() == Errno.ENOENT
        || e.errno() == Errno.ELOOP
        || e.errno() == Errno.EEXIST
        || e.errno() == Errno.ENAMETOOLONG;
  }

  /// The container's own users and groups. The runtime reads these files too, whatever they are and
  /// however large, even where it is given numbers: so what it could not read to its end is refused
  /// here.
  ///
  /// @throws Fault.Invalid if one of the files is there and is not a small regular one
  Accounts accounts() throws IOException {
    return new Accounts(text("etc/passwd"), text("etc/group"));
  }

  private String text(String name) throws IOException {
    RawPath path = RawPath.of(name);
    if (root.find(path) == null) {
      return "";
    }
    try (InputStream in = root.read(path)) {
      if (KERNEL_FOLDERS.contains(firstOfReal(path))) {
        throw new Fault.Invalid("/" + name + " of the image leads to a file of the kernel");
      }
      byte[] bytes = in.readNBytes(MAX_ACCOUNTS + 1);
      if (bytes.length > MAX_ACCOUNTS) {
        throw new Fault.Invalid("/" + name + " of the image is larger than 10 MiB");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (KernelException e) {
      if (isUsersFault(e) || e.errno() == Errno.EINVAL || e.errno() == Errno.EISDIR) {
        throw new Fault.Invalid("/" + name + " of the image is not a regular file", e);
      }
      throw e;
    }
  }

  /// Where a path leads once all links are followed: the first component below the root.
  private String firstOfReal(RawPath path) throws IOException {
    try (PinnedPath pinned = root.pin(path)) {
      Path below = root.path().toRealPath().relativize(pinned.path().toRealPath());
      return below.getName(0).toString();
    }
  }
}
