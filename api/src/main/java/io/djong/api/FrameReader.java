package io.djong.api;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Takes apart the two outputs of a container without a terminal: frames of one byte for the
/// stream, three of zero, four for the length (big endian), and the bytes. For one thread.
public final class FrameReader {
  private final InputStream in;
  private final byte[] buffer = new byte[32 << 10];

  public FrameReader(InputStream in) {
    this.in = in;
  }

  /// Copies everything to the two outputs until the stream ends, flushing after each frame.
  ///
  /// @throws IOException if the stream is not framed, ends inside a frame, or carries the engine's
  ///   own error
  public void copy(OutputStream stdout, OutputStream stderr) throws IOException {
    byte[] head = new byte[8];
    while (true) {
      int first = in.readNBytes(head, 0, 8);
      if (first == 0) {
        return;
      }
      if (first < 8) {
        throw new EOFException("the stream ended inside a frame's head");
      }
      long length = Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt(4));
      switch (head[0]) {
        case 0, 1 -> copy(length, stdout);
        case 2 -> copy(length, stderr);
        case 3 ->
            throw new IOException(
                new String(in.readNBytes((int) Math.min(length, 4096)), StandardCharsets.UTF_8));
        default -> throw new IOException("the stream is not framed: unknown stream " + head[0]);
      }
    }
  }

  private void copy(long length, OutputStream to) throws IOException {
    long left = length;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        throw new EOFException("the stream ended inside a frame");
      }
      to.write(buffer, 0, read);
      left -= read;
    }
    to.flush();
  }
}
