package io.djong.linux;

import java.nio.file.Path;

/// An inode held by a descriptor, so that what is done by its path is done to it, whatever happens
/// to names meanwhile: for the calls that want a path, `mount(2)` above all. Good until it is
/// closed.
public final class PinnedPath implements AutoCloseable {
  private final int descriptor;
  private final FileStatus status;

  PinnedPath(int descriptor, FileStatus status) {
    this.descriptor = descriptor;
    this.status = status;
  }

  /// The path in this process.
  public Path path() {
    return Path.of(Descriptors.procPath(descriptor));
  }

  /// The path for other processes of the same user, as long as this one lives.
  public Path pathForOthers() {
    return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor);
  }

  int descriptor() {
    return descriptor;
  }

  /// What it was when it was pinned.
  public FileStatus status() {
    return status;
  }

  @Override
  public void close() {
    Descriptors.close(descriptor);
  }
}
