package io.djong.layers;

import io.djong.linux.Mount;
import io.djong.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A snapshot mounted for a test.
public final class MountedTree implements AutoCloseable {
  private final Mounts mounts = new Mounts();
  private final Path folder;

  public MountedTree(Path folder, List<Mount> wanted) throws IOException {
    this.folder = Files.createDirectories(folder);
    for (Mount mount : wanted) {
      mounts.mount(mount, folder.resolve(mount.target().toString()));
    }
  }

  public Path path(String below) {
    return folder.resolve(below);
  }

  @Override
  public void close() throws IOException {
    mounts.unmount(folder, false);
  }
}
