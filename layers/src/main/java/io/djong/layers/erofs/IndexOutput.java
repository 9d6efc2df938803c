package io.djong.layers.erofs;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/// Writes a file front to back, and knows the checksum of what it wrote. For one thread.
final class IndexOutput {
  private final OutputStream file;
  private final byte[] buffer = new byte[1 << 17];
  private final CRC32C checksum = new CRC32C();
  private int filled;
  private long position;

  /// @param file not closed by this
  IndexOutput(OutputStream file) {
    this.file = file;
  }

  long position() {
    return position;
  }

  void write(byte[] bytes) throws IOException {
    int done = 0;
    while (done < bytes.length) {
      if (filled == buffer.length) {
        flush();
      }
      int piece = Math.min(bytes.length - done, buffer.length - filled);
      System.arraycopy(bytes, done, buffer, filled, piece);
      filled += piece;
      done += piece;
    }
    position += bytes.length;
  }

  /// Writes zeros up to a position.
  void pad(long to) throws IOException {
    if (to < position) {
      throw new IllegalStateException("at " + position + ", beyond " + to);
    }
    while (position < to) {
      write(new byte[(int) Math.min(IndexFormat.BLOCK, to - position)]);
    }
  }

  /// Hands over what is buffered.
  void flush() throws IOException {
    checksum.update(buffer, 0, filled);
    file.write(buffer, 0, filled);
    filled = 0;
  }

  /// Of all that was flushed.
  int checksum() {
    return (int) checksum.getValue();
  }
}
