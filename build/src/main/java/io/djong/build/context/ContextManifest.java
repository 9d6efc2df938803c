package io.djong.build.context;

import io.djong.layers.tar.TreeWriter;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.Consumer;

/// The files of a context whose bytes are not sent: for each one `DIGEST MODE UID GID SECONDS NANOS
/// PATH` and a NUL behind it. The mode is octal, its kind left out; the path is raw.
final class ContextManifest {
  private static final int MAX_LINE = 8 << 10;
  private static final int FIELDS = 7;
  private static final int PERMISSIONS = 07777;

  private ContextManifest() {}

  /// @param path inside of the context
  /// @param permissions the bits of `chmod(2)`
  record Line(Digest digest, RawPath path, int permissions, int uid, int gid, Instant modified) {}

  /// Reads a manifest to its end. None of it is kept here, so whoever takes the lines decides how
  /// many are too many.
  ///
  /// @throws Fault.Invalid if it is none, or a path leads out of the context
  static void read(InputStream in, Consumer<Line> lines) throws IOException {
    byte[] block = new byte[1 << 16];
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int got = in.read(block); got >= 0; got = in.read(block)) {
      int from = 0;
      for (int i = 0; i < got; i++) {
        if (block[i] == 0) {
          line.write(block, from, i - from);
          refuseTooLong(line);
          lines.accept(line(line.toByteArray()));
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
      RawPath path = TreeWriter.inside(RawPath.of(words[6].getBytes(StandardCharsets.ISO_8859_1)));
      if (path.isRoot()) {
        throw new Fault.Invalid("the build context's manifest has a file without a name");
      }
      Instant modified =
          Instant.ofEpochSecond(Long.parseLong(words[4]), Integer.parseUnsignedInt(words[5]));
      int permissions = Integer.parseInt(words[1], 8) & PERMISSIONS;
      return new Line(
          Digest.parse(words[0]), path, permissions, id(words[2]), id(words[3]), modified);
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
