package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// Mounts and unmounts in the mount namespace of this process. Safe for use by several threads.
/// Every verb throws [KernelException] when the kernel refuses.
public final class Mounts {
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;

  /// What one call of `mount(2)` takes for its options.
  private static final int PAGE = 4096;

  /// Mounts as `mount(8)` would be told. A bind mount that is read-only or otherwise restricted is
  /// remounted so at once; propagation (`rprivate`, `slave` …) is set last. If one of these fails,
  /// nothing stays mounted. Overlays of any number of layers work.
  public void mount(Mount mount) throws IOException {
    MountOptions options = MountOptions.of(mount.options());
    String target = mount.target().toString();
    if (options.isBind()) {
      call(mount.source(), target, mount.type(), options.flags() & MountOptions.BIND_RECURSIVE, "");
    } else if (options.isPropagationOnly()) {
      call(mount.source(), target, mount.type(), options.propagation(), "");
      return;
    } else if (options.text().length() < PAGE) {
      call(mount.source(), target, mount.type(), options.flags(), options.text());
    } else {
      LongMount.mount(mount, options);
    }
    try {
      if (options.isBind() && options.restrictions() != 0) {
        call(
            "none",
            target,
            mount.type(),
            options.restrictions() | MountOptions.MS_BIND | MountOptions.MS_REMOUNT,
            "");
      }
      if (options.propagation() != 0) {
        call("none", target, mount.type(), options.propagation(), "");
      }
    } catch (KernelException e) {
      unmount(mount.target(), true);
      throw e;
    }
  }

  /// Mounts at another place than the mount says.
  public void mount(Mount mount, Path target) throws IOException {
    mount(new Mount(mount.type(), mount.source(), target, mount.options()));
  }

  /// Unmounts the topmost mount at this path; nothing happens if there is none. The last component
  /// is not followed if it is a link.
  ///
  /// @param lazy detach now even if it is in use, and free it when it no longer is
  public void unmount(Path target, boolean lazy) throws IOException {
    try (Frame frame = new Frame()) {
      long flags = UMOUNT_NOFOLLOW | (lazy ? MNT_DETACH : 0);
      long result = frame.call(Syscall.UMOUNT2, frame.text(target.toString()), flags);
      if (result < 0 && result != -Errno.EINVAL && result != -Errno.ENOENT) {
        throw Syscall.UMOUNT2.failed(target, result);
      }
    }
  }

  /// Whether something is mounted exactly at this path, links in it followed.
  public boolean isMountPoint(Path path) throws IOException {
    List<MountPoint> below = below(path);
    RawPath real = below.isEmpty() ? RawPath.ROOT : real(path);
    return below.stream().anyMatch(point -> point.path().equals(real));
  }

  /// The mounts at this folder and below it, in the order they were made; none if there is no such
  /// folder.
  public List<MountPoint> below(Path folder) throws IOException {
    RawPath real;
    try {
      real = real(folder);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return MountPoint.parse(Files.readAllBytes(Path.of("/proc/self/mountinfo"))).stream()
        .filter(point -> point.path().startsWith(real))
        .toList();
  }

  private static RawPath real(Path path) throws IOException {
    return RawPath.of(path.toRealPath().toString());
  }

  static void call(String source, String target, String type, long flags, String data)
      throws KernelException {
    try (Frame frame = new Frame()) {
      frame.check(
          Syscall.MOUNT,
          target,
          frame.text(source),
          frame.text(target),
          frame.text(type),
          flags,
          data.isEmpty() ? 0 : frame.text(data));
    }
  }
}
