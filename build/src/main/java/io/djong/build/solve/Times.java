package io.djong.build.solve;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.content.tar.TarWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;

/// Limits times, so that the same input gives the same layer whenever it is built
/// (SOURCE_DATE_EPOCH of reproducible-builds.org). Pure.
final class Times {
  private Times() {}

  static TarEntry clamped(TarEntry entry, Instant latest) {
    if (!entry.modified().isAfter(latest)) {
      return entry;
    }
    return new TarEntry(
        entry.kind(),
        entry.name(),
        entry.permissions(),
        entry.uid(),
        entry.gid(),
        entry.size(),
        latest,
        null,
        entry.linkName(),
        entry.deviceMajor(),
        entry.deviceMinor(),
        entry.xattrs());
  }

  /// Writes an archive anew with no time later than this.
  static void clamp(InputStream tar, OutputStream out, Instant latest) throws IOException {
    TarReader reader = new TarReader(tar);
    TarWriter writer = new TarWriter(new BufferedOutputStream(out, 1 << 17));
    TarEntry entry = reader.next();
    while (entry != null) {
      if (entry.kind() == TarEntry.Kind.FILE) {
        writer.put(clamped(entry, latest), reader.content());
      } else {
        writer.put(clamped(entry, latest));
      }
      entry = reader.next();
    }
    writer.close();
  }
}
