package io.djong.api;

import java.io.IOException;
import java.io.OutputStream;

/// Puts the two outputs of a container without a terminal into one stream, in frames that
/// [FrameReader] takes apart. Safe for use by several threads.
public final class FrameWriter {
  /// The stream numbers of the frame's first byte.
  public static final int STDOUT = 1;

  public static final int STDERR = 2;
  public static final int SYSTEM_ERROR = 3;

  private final OutputStream out;

  public FrameWriter(OutputStream out) {
    this.out = out;
  }

  /// Writes one frame, in one write, and flushes.
  public synchronized void write(int stream, byte[] bytes, int offset, int length)
      throws IOException {
    byte[] frame = new byte[8 + length];
    frame[0] = (byte) stream;
    frame[4] = (byte) (length >>> 24);
    frame[5] = (byte) (length >>> 16);
    frame[6] = (byte) (length >>> 8);
    frame[7] = (byte) length;
    System.arraycopy(bytes, offset, frame, 8, length);
    out.write(frame);
    out.flush();
  }
}
