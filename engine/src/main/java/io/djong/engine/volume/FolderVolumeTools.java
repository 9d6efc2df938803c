package io.djong.engine.volume;

import io.djong.content.Compression;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.content.tar.TarWriter;
import io.djong.engine.VolumeTools;
import io.djong.engine.Volumes.VolumeDetails;
import io.djong.layers.tar.TreeReader;
import io.djong.layers.tar.TreeWriter;
import io.djong.linux.Root;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// The tools on volumes that are folders. Paths of archives and volumes are resolved by the kernel
/// inside the volume.
public final class FolderVolumeTools implements VolumeTools {
  private final FolderVolumes volumes;

  public FolderVolumeTools(FolderVolumes volumes) {
    this.volumes = volumes;
  }

  @Override
  public void export(String name, OutputStream out) throws IOException {
    try (FolderVolumes.Held volume = volumes.hold(name);
        Root files = Root.open(volume.files());
        TarWriter tar = new TarWriter(out, true)) {
      new TreeReader(files, tar).putTree(RawPath.ROOT, RawPath.of("."));
    }
  }

  @Override
  public void importTree(String name, InputStream tar) throws IOException {
    try (FolderVolumes.Held volume = volumes.hold(name);
        Root files = Root.open(volume.files())) {
      if (!files.list(RawPath.ROOT).isEmpty()) {
        throw new Fault.Conflict(
            "import into " + name + ": volume is not empty: import into a new one");
      }
      boolean complete = false;
      try (InputStream plain = Compression.inflate(tar, Compression.Limits.LAYER)) {
        unpack(new TarReader(plain), files);
        files.syncFileSystem();
        complete = true;
      } finally {
        if (!complete) {
          files.removeTree(RawPath.ROOT);
        }
      }
    }
  }

  private static void unpack(TarReader tar, Root files) throws IOException {
    try (TreeWriter writer = new TreeWriter(files, TreeWriter.Settings.PLAIN)) {
      for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
        writer.put(entry, tar);
      }
      writer.finish();
    }
  }

  @Override
  public VolumeDetails copy(String name, String newName) throws IOException {
    try (FolderVolumes.Held volume = volumes.hold(name)) {
      VolumeDetails details = volume.details();
      if (details.options().containsKey("device")) {
        throw new Fault.Invalid(
            "clone "
                + name
                + ": its files lie on "
                + details.options().get("device")
                + ": create a volume with the same options");
      }
      try (Root files = Root.open(volume.files())) {
        return volumes.make(
            newName, details.options(), details.labels(), copy -> TreeCopy.copy(files, copy));
      }
    }
  }

  @Override
  public VolumeDetails rename(String name, String newName) throws IOException {
    return volumes.rename(name, newName);
  }
}
