package io.djong.content.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;

/// Puts archives together, good ones and bad ones.
final class ArchiveBuilder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final TarWriter tar = new TarWriter(out);

  ArchiveBuilder file(String name, byte[] content) throws IOException {
    tar.put(
        TarEntry.file(name, 0644, content.length, Instant.EPOCH),
        new ByteArrayInputStream(content));
    return this;
  }

  ArchiveBuilder file(String name, String content) throws IOException {
    return file(name, content.getBytes(UTF_8));
  }

  /// A blob under its own digest.
  ArchiveBuilder blob(byte[] content) throws IOException {
    return file(blobPath(content), content);
  }

  ArchiveBuilder entry(TarEntry entry) throws IOException {
    tar.put(entry);
    return this;
  }

  byte[] build() throws IOException {
    tar.close();
    return out.toByteArray();
  }

  static String blobPath(byte[] content) {
    return "blobs/sha256/" + Digest.of(content).hex();
  }
}
