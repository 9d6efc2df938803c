package io.djong.runtime.monitor;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Packs files of a log with gzip (RFC 1952), and unpacks them. They are the monitor's own: nobody
/// else writes them.
final class PackedLog {
  private static final int BLOCK = 64 << 10;

  private PackedLog() {}

  /// Packs all of a file into another, which is on the disk then.
  ///
  /// @param stop ends the work early
  /// @return false if it was stopped; what was written is removed then
  static boolean pack(FileChannel from, Path to, BooleanSupplier stop) throws IOException {
    boolean whole = false;
    try (FileChannel file =
        FileChannel.open(
            to,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      OutputStream out = new Fast(Channels.newOutputStream(file));
      InputStream in = Channels.newInputStream(from);
      byte[] block = new byte[BLOCK];
      int n = in.read(block);
      while (n >= 0 && !stop.getAsBoolean()) {
        out.write(block, 0, n);
        n = in.read(block);
      }
      out.close();
      whole = n < 0;
    } finally {
      if (!whole) {
        Files.deleteIfExists(to);
      }
    }
    if (whole) {
      try (FileChannel file = FileChannel.open(to, StandardOpenOption.WRITE)) {
        file.force(true);
      }
    }
    return whole;
  }

  /// The lines in a file without a name, read from its beginning.
  ///
  /// @param folder where there is room for them
  static FileChannel unpack(FileChannel packed, Path folder) throws IOException {
    Path name = Files.createTempFile(folder, "unpacked-", ".tmp");
    FileChannel lines =
        FileChannel.open(
            name,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    boolean whole = false;
    try {
      // Not closed: it would close the packed file, which is its owner's.
      InputStream in = new GZIPInputStream(Channels.newInputStream(packed), BLOCK);
      in.transferTo(Channels.newOutputStream(lines));
      lines.position(0);
      whole = true;
      return lines;
    } finally {
      if (!whole) {
        lines.close();
      }
    }
  }

  /// Logs shrink to a tenth at the fastest level already.
  private static final class Fast extends GZIPOutputStream {
    Fast(OutputStream out) throws IOException {
      super(out, BLOCK);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
