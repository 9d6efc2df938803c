package io.djong.build.solve;

import io.djong.linux.Mount;
import io.djong.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// Files that live in memory, for secrets: none of them ever reaches a disk. Safe for use by
/// several threads.
public final class MemoryFiles {
  private final Mounts mounts;
  private final Path folder;

  /// Removes what an earlier daemon left.
  ///
  /// @param folder nobody else uses it
  public MemoryFiles(Mounts mounts, Path folder) throws IOException {
    this.mounts = mounts;
    this.folder = folder.toAbsolutePath();
    Files.createDirectories(
        this.folder,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    for (var point : mounts.below(this.folder).reversed()) {
      mounts.unmount(Path.of("/" + point.path()), true);
    }
    try (Stream<Path> left = Files.list(this.folder)) {
      for (Path path : left.toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /// A file system of a step's own.
  final class Shelf implements AutoCloseable {
    private final Path path;

    private Shelf(Path path) {
      this.path = path;
    }

    Path path() {
      return path;
    }

    Path write(String name, byte[] content, int mode, int uid, int gid) throws IOException {
      Path file = path.resolve(name);
      Files.write(file, content);
      Files.setAttribute(file, "unix:uid", uid);
      Files.setAttribute(file, "unix:gid", gid);
      Files.setPosixFilePermissions(file, permissions(mode));
      return file;
    }

    @Override
    public void close() throws IOException {
      mounts.unmount(path, true);
      Files.deleteIfExists(path);
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    StringBuilder text = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode >> bit & 1) == 1 ? "xwr".charAt(bit % 3) : '-');
    }
    return PosixFilePermissions.fromString(text.toString());
  }

  Shelf open() throws IOException {
    Path path = Files.createDirectory(folder.resolve(UUID.randomUUID().toString()));
    boolean done = false;
    try {
      mounts.mount(
          new Mount(
              "tmpfs",
              "tmpfs",
              path,
              List.of("nosuid", "nodev", "noexec", "mode=0700", "size=64m")));
      done = true;
      return new Shelf(path);
    } finally {
      if (!done) {
        Files.deleteIfExists(path);
      }
    }
  }
}
