package io.djong.loops;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Random;

/// What the loops work on: the same bytes in every run.
public final class Samples {
  private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000L);

  private Samples() {}

  /// A layer of small files, a hundred in a folder.
  public static byte[] tar(int files, int size) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] content = text(size);
    try (TarWriter tar = new TarWriter(bytes)) {
      for (int i = 0; i < files; i++) {
        if (i % 100 == 0) {
          tar.put(TarEntry.folder("usr/share/d" + i / 100, 0755, TIME));
        }
        tar.put(
            TarEntry.file("usr/share/d" + i / 100 + "/file-" + i, 0644, size, TIME),
            new ByteArrayInputStream(content));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// Bytes that pack about as well as programs do, three to one.
  public static byte[] text(int size) {
    Random random = new Random(42);
    byte[] bytes = new byte[size];
    for (int at = 0; at < size; at++) {
      boolean repeats = at > 4096 && random.nextInt(8) != 0;
      bytes[at] = repeats ? bytes[at - 4096] : (byte) random.nextInt(256);
    }
    return bytes;
  }
}
