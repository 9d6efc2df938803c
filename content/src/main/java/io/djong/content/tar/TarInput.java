package io.djong.content.tar;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// The bytes of an archive, buffered. Skips by the stream's own means only if told so: whoever
/// hashes them must see all.
final class TarInput {
  static final int BLOCK = 512;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;

  /// Where in the archive the end of the buffer is.
  private long taken;

  private final boolean passesOver;

  TarInput(InputStream in, boolean passesOver) {
    this.in = in;
    this.passesOver = passesOver;
  }

  /// How many bytes were given or skipped.
  long position() {
    return taken - (limit - position);
  }

  private boolean fill() throws IOException {
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    taken += limit;
    position = 0;
    return limit > 0;
  }

  /// @return -1 at the end, else at least 1
  int read(byte[] into, int offset, int length) throws IOException {
    if (position == limit) {
      if (length >= buffer.length) {
        int got = in.read(into, offset, length);
        taken += Math.max(0, got);
        return got;
      }
      if (!fill()) {
        return -1;
      }
    }
    int piece = Math.min(length, limit - position);
    System.arraycopy(buffer, position, into, offset, piece);
    position += piece;
    return piece;
  }

  /// @return false at the end, if not a single byte is left
  boolean readBlock(byte[] block) throws IOException {
    int filled = 0;
    while (filled < block.length) {
      int got = read(block, filled, block.length - filled);
      if (got < 0) {
        if (filled == 0) {
          return false;
        }
        throw new EOFException();
      }
      filled += got;
    }
    return true;
  }

  byte[] readExactly(int length) throws IOException {
    byte[] bytes = new byte[length];
    if (length > 0 && !readBlock(bytes)) {
      throw new EOFException();
    }
    return bytes;
  }

  void skip(long bytes) throws IOException {
    long left = bytes;
    while (left > 0) {
      if (position < limit) {
        int piece = (int) Math.min(left, limit - position);
        position += piece;
        left -= piece;
      } else if (passesOver && left > buffer.length) {
        in.skipNBytes(left);
        taken += left;
        left = 0;
      } else if (!fill()) {
        throw new EOFException();
      }
    }
  }

  void drain() throws IOException {
    int got;
    do {
      got = in.read(buffer, 0, buffer.length);
    } while (got >= 0);
    position = 0;
    limit = 0;
  }

  static long padding(long size) {
    return -size & (BLOCK - 1);
  }
}
