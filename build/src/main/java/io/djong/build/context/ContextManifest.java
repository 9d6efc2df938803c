package io.djong.build.context;

import io.djong.content.tar.TarEntry;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The files of a context whose bytes are not sent: for each one `DIGEST MODE UID GID SECONDS NANOS
/// PATH` and a NUL behind it. The mode is octal, its kind left out; the path is raw.
final class ContextManifest {
  private static final int MAX_BYTES = 256 << 20;
  private static final int MAX_LINE = 8 << 10;
  private static final int FIELDS = 7;
  private static final int PERMISSIONS = 07777;

  private ContextManifest() {}

  /// @param entry without a name and a size
  record Line(Digest digest, RawPath path, TarEntry entry) {}

  /// @param size in bytes
  /// @throws Fault.Invalid if it is none
  static List<Line> read(InputStream in, long size) throws IOException {
    if (size > MAX_BYTES) {
      throw new Fault.Invalid("the manifest of the build context has " + size + " bytes");
    }
    List<Line> lines = new ArrayList<>();
    byte[] block = new byte[1 << 16];
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int got = in.read(block); got >= 0; got = in.read(block)) {
      int from = 0;
      for (int i = 0; i < got; i++) {
        if (block[i] == 0) {
          line.write(block, from, i - from);
          refuseTooLong(line);
          lines.add(line(line.toByteArray()));
          line.reset();
          from = i + 1;
        }
      }
      line.write(block, from, got - from);
      refuseTooLong(line);
    }
    if (line.size() > 0) {
      throw new Fault.Invalid("the build context's manifest ends within a line");
    }
    return lines;
  }

  private static void refuseTooLong(ByteArrayOutputStream line) {
    if (line.size() > MAX_LINE) {
      throw new Fault.Invalid("a line of the build context's manifest is too long");
    }
  }

  private static Line line(byte[] bytes) {
    // A path is raw bytes: each is one letter here and one byte again.
    String[] words = new String(bytes, StandardCharsets.ISO_8859_1).split(" ", FIELDS);
    try {
      RawPath path = RawPath.of(words[6].getBytes(StandardCharsets.ISO_8859_1));
      if (path.isRoot()) {
        throw new Fault.Invalid("the build context's manifest has a file without a name");
      }
      TarEntry entry =
          TarEntry.file(
                  "x",
                  Integer.parseInt(words[1], 8) & PERMISSIONS,
                  0,
                  Instant.ofEpochSecond(
                      Long.parseLong(words[4]), Integer.parseUnsignedInt(words[5])))
              .withOwner(id(words[2]), id(words[3]));
      return new Line(Digest.parse(words[0]), path, entry);
    } catch (IndexOutOfBoundsException
        | NumberFormatException
        | DateTimeException
        | ArithmeticException e) {
      throw new Fault.Invalid("a line of the build context's manifest makes no sense", e);
    }
  }

  private static int id(String word) {
    int id = Integer.parseInt(word);
    if (id < 0) {
      throw new NumberFormatException("negative");
    }
    return id;
  }
}
