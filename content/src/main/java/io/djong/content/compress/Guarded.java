package io.djong.content.compress;

import io.djong.model.Fault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Passes bytes on until they cost more than the limits allow.
public final class Guarded extends FilterInputStream {
  /// Opens an unpacking stream on a packed one.
  @FunctionalInterface
  public interface Opener {
    InputStream open(InputStream packed) throws IOException;
  }

  private final Counted packed;
  private final long maxBytes;
  private final long ratioFrom;
  private final int maxRatio;
  private long given;

  private Guarded(InputStream plain, Counted packed, long maxBytes, long ratioFrom, int maxRatio) {
    super(plain);
    this.packed = packed;
    this.maxBytes = maxBytes;
    this.ratioFrom = ratioFrom;
    this.maxRatio = maxRatio;
  }

  /// Guards bytes that are not packed.
  public static InputStream plain(InputStream in, long maxBytes) {
    Counted counted = new Counted(in);
    return new Guarded(counted, counted, maxBytes, Long.MAX_VALUE, 1);
  }

  /// Guards what an opener unpacks: at most `maxBytes`, and once `ratioFrom` bytes were given, at
  /// most `maxRatio` for each one read.
  public static InputStream inflated(
      InputStream in, Opener opener, long maxBytes, long ratioFrom, int maxRatio)
      throws IOException {
    Counted counted = new Counted(in);
    return new Guarded(opener.open(counted), counted, maxBytes, ratioFrom, maxRatio);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = super.read(bytes, offset, length);
    if (n > 0) {
      given += n;
      check();
    }
    return n;
  }

  @Override
  public long skip(long count) throws IOException {
    // What is skipped must be counted too.
    byte[] dropped = new byte[(int) Math.min(Math.max(count, 0), 8192)];
    return Math.max(0, read(dropped, 0, dropped.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void check() {
    if (given > maxBytes) {
      throw new Fault.Invalid("the content is larger than " + maxBytes + " bytes");
    }
    if (given > ratioFrom && given / maxRatio > packed.count) {
      throw new Fault.Invalid(
          "the compressed content looks like a bomb: "
              + packed.count
              + " bytes became more than "
              + given
              + ", where at most "
              + maxRatio
              + " to 1 are accepted");
    }
  }

  /// Counts what was read from it.
  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      if (b >= 0) {
        count++;
      }
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      if (n > 0) {
        count += n;
      }
      return n;
    }
  }
}
