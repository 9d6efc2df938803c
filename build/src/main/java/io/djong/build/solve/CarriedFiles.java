package io.djong.build.solve;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.content.tar.TarWriter;
import io.djong.layers.tar.TreeReader;
import io.djong.layers.tar.TreeWriter;
import io.djong.linux.FileKind;
import io.djong.linux.FileStatus;
import io.djong.linux.Root;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Files of cache mounts as layers: below one folder, whose name nobody sees. Devices, sockets and
/// what a layer would take for a whiteout do not travel. The same files give the same bytes. Counts
/// what goes over, and refuses more than its limits. For one thread.
final class CarriedFiles {
  /// The folder in the layer.
  private static final RawPath TOP = RawPath.of("mount");

  private static final String WHITEOUT = ".wh.";

  private final Limits limits;
  private long bytes;
  private long files;

  /// @param bytes of all files together, as long as they say they are
  /// @param files how many, folders and links among them
  record Limits(long bytes, long files) {
    static final Limits USUAL = new Limits(4L << 30, 1_000_000);
  }

  CarriedFiles(Limits limits) {
    this.limits = limits;
  }

  /// Writes a folder as a layer.
  ///
  /// @throws Fault.Invalid if that is beyond the limits; it is not counted then
  void pack(Root folder, OutputStream layer) throws IOException {
    copy(folder, RawPath.ROOT, TOP, layer);
  }

  /// Fills an empty folder from the tree of such a layer.
  ///
  /// @throws Fault.Invalid if it is no such layer, or that is beyond the limits; what came so far
  ///   stays
  void unpack(Root layer, Root folder) throws IOException {
    FileStatus top = layer.find(TOP);
    if (top == null || !top.isFolder()) {
      throw new Fault.Invalid("its layer holds no cache mount");
    }
    try (Pipes.Source tar = Pipes.of(out -> copy(layer, TOP, RawPath.ROOT, out));
        TreeWriter writer = new TreeWriter(folder, TreeWriter.Settings.PLAIN)) {
      TarReader archive = new TarReader(tar.stream());
      for (TarEntry entry = archive.next(); entry != null; entry = archive.next()) {
        writer.put(entry, archive);
      }
      archive.drain();
      writer.finish();
    }
  }

  private void copy(Root from, RawPath path, RawPath name, OutputStream out) throws IOException {
    long bytesBefore = bytes;
    long filesBefore = files;
    boolean done = false;
    try {
      TarWriter archive = new TarWriter(new BufferedOutputStream(out, 1 << 17));
      new TreeReader(from, archive).putTree(path, name, this::takes);
      archive.close();
      done = true;
    } finally {
      if (!done) {
        bytes = bytesBefore;
        files = filesBefore;
      }
    }
  }

  private boolean takes(RawPath below, FileStatus status) {
    boolean device =
        status.kind() == FileKind.CHARACTER_DEVICE || status.kind() == FileKind.BLOCK_DEVICE;
    if (device || (!below.isRoot() && below.name().toString().startsWith(WHITEOUT))) {
      return false;
    }
    files++;
    bytes += status.kind() == FileKind.REGULAR ? status.size() : 0;
    if (files > limits.files || bytes > limits.bytes) {
      throw new Fault.Invalid(
          "all of them together are more than "
              + limits.files
              + " files or "
              + limits.bytes
              + " bytes");
    }
    return true;
  }
}
