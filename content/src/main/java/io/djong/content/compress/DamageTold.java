package io.djong.content.compress;

import io.djong.model.Fault;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/// Reads what a library unpacks, and tells damaged content from a source that cannot be read: the
/// libraries throw the same for both. For one thread.
public final class DamageTold extends FilterInputStream {
  /// What xz may take, in KiB: twice what its highest level does.
  private static final int MAX_XZ_MEMORY = 128 << 10;

  private static final int BUFFER = 1 << 16;

  private final String format;
  private final Source source;

  private DamageTold(String format, Source source, InputStream plain) {
    super(plain);
    this.format = format;
    this.source = source;
  }

  /// Reads bzip2, stream after stream.
  public static InputStream bzip2(InputStream in) throws IOException {
    return open("bzip2", in, source -> new BZip2CompressorInputStream(source, true));
  }

  /// Reads xz, stream after stream; all checksums are verified.
  public static InputStream xz(InputStream in) throws IOException {
    return open("xz", in, source -> new XZInputStream(source, MAX_XZ_MEMORY));
  }

  private static InputStream open(String format, InputStream in, Guarded.Opener library)
      throws IOException {
    Source source = new Source(in);
    try {
      return new DamageTold(format, source, library.open(new BufferedInputStream(source, BUFFER)));
    } catch (IOException | RuntimeException e) {
      throw told(format, source, e);
    }
  }

  private static Fault.Invalid told(String format, Source source, Exception e) throws IOException {
    IOException failure = source.failure;
    if (failure != null) {
      throw failure;
    }
    if (e instanceof Fault fault) {
      throw fault;
    }
    String why = e instanceof IOException ? e.getMessage() : null;
    return new Fault.Invalid("damaged " + format + " content" + (why == null ? "" : ": " + why), e);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException | RuntimeException e) {
      throw told(format, source, e);
    }
  }

  /// Remembers that it failed.
  private static final class Source extends FilterInputStream {
    private @Nullable IOException failure;

    Source(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }
}
