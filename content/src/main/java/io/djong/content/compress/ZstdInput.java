package io.djong.content.compress;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.djong.model.Fault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Reads Zstandard (RFC 8878), frame after frame, with windows of at most 128 MiB, which is what
/// the standard tool accepts and twice what containers' tools write.
public final class ZstdInput extends FilterInputStream {
  private static final int MAX_WINDOW_LOG = 27;

  public ZstdInput(InputStream in) throws IOException {
    super(new ZstdInputStreamNoFinalizer(in).setLongMax(MAX_WINDOW_LOG));
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
    } catch (ZstdIOException e) {
      throw new Fault.Invalid("damaged zstd content: " + e.getMessage(), e);
    }
  }
}
