package io.djong.content;

import io.djong.content.compress.DamageTold;
import io.djong.content.compress.Guarded;
import io.djong.content.compress.GzipInput;
import io.djong.content.compress.GzipOutput;
import io.djong.content.compress.ZstdInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;

/// How bytes are packed. Told by their first bytes, never by what somebody says of them.
public enum Compression {
  NONE,
  /// RFC 1952.
  GZIP,
  /// RFC 8878.
  ZSTD,
  BZIP2,
  XZ;

  /// How many first bytes tell the compression.
  public static final int MAGIC_BYTES = 6;

  /// What inflated bytes may cost. A stream that yields more than `maxBytes`, or, once it has
  /// yielded `ratioFrom` bytes, more than `maxRatio` bytes for each one read, is refused.
  public record Limits(long maxBytes, long ratioFrom, int maxRatio) {
    /// For layers and archives: 256 GiB, and 200 to 1 from 4 GiB on, since real layers hold long
    /// runs of zeros that are packed 1000 to 1.
    public static final Limits LAYER = new Limits(256L << 30, 4L << 30, 200);
  }

  /// The compression that bytes with this beginning have; `NONE` if it is none that is known.
  public static Compression of(byte[] beginning) {
    return startsWith(beginning, 0x1f, 0x8b)
        ? GZIP
        : startsWith(beginning, 0x28, 0xb5, 0x2f, 0xfd)
            ? ZSTD
            : startsWith(beginning, 'B', 'Z', 'h') && beginning.length > 3 && beginning[3] != 0
                ? BZIP2
                : startsWith(beginning, 0xfd, '7', 'z', 'X', 'Z', 0) ? XZ : NONE;
  }

  /// Gives the plain bytes of a stream whatever it is packed with; plain bytes go through as they
  /// are, under the same limit of bytes. Closing it closes the stream.
  ///
  /// Reading throws [io.djong.model.Fault.Invalid] if the stream is damaged, ends early, goes on
  /// after its end, or exceeds the limits.
  public static InputStream inflate(InputStream packed, Limits limits) throws IOException {
    PushbackInputStream in = new PushbackInputStream(packed, MAGIC_BYTES);
    byte[] beginning = in.readNBytes(MAGIC_BYTES);
    in.unread(beginning);
    return of(beginning).inflater(in, limits);
  }

  /// Packs bytes as gzip, the same bytes always the same way: no name, no time. Closing it ends the
  /// gzip member and closes the stream.
  public static OutputStream gzip(OutputStream packed) throws IOException {
    return new GzipOutput(packed);
  }

  private InputStream inflater(InputStream in, Limits limits) throws IOException {
    return switch (this) {
      case NONE -> Guarded.plain(in, limits.maxBytes);
      case GZIP -> guarded(in, limits, GzipInput::new);
      case ZSTD -> guarded(in, limits, ZstdInput::new);
      case BZIP2 -> guarded(in, limits, DamageTold::bzip2);
      case XZ -> guarded(in, limits, DamageTold::xz);
    };
  }

  private static InputStream guarded(InputStream in, Limits limits, Guarded.Opener opener)
      throws IOException {
    return Guarded.inflated(in, opener, limits.maxBytes, limits.ratioFrom, limits.maxRatio);
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    if (bytes.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
