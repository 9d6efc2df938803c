package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Reads a regular file of a [Root]. Not buffered: read in large pieces. For one thread.
public final class FileInput extends InputStream {
  private static final int CHUNK = 1 << 17;

  private final int descriptor;
  private final RawPath path;
  private final FileStatus status;
  private long position;
  private boolean closed;

  FileInput(int descriptor, RawPath path, FileStatus status) {
    this.descriptor = descriptor;
    this.path = path;
    this.status = status;
  }

  /// What the file was when it was opened.
  public FileStatus status() {
    return status;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (closed) {
      throw new IOException("reading \"" + path + "\": closed");
    }
    try (Frame frame = new Frame()) {
      MemorySegment buffer = frame.allocate(Math.min(length, CHUNK));
      int got =
          (int) frame.check(Syscall.READ, path, descriptor, buffer.address(), buffer.byteSize());
      MemorySegment.copy(buffer, Libc.BYTE, 0, into, offset, got);
      position += got;
      return got == 0 ? -1 : got;
    }
  }

  /// Moves on without reading, as far as to the end that the file had when it was opened.
  @Override
  public long skip(long bytes) throws IOException {
    long piece = Math.min(bytes, status.size() - position);
    if (piece <= 0) {
      return 0;
    }
    if (closed) {
      throw new IOException("reading \"" + path + "\": closed");
    }
    try (Frame frame = new Frame()) {
      frame.check(Syscall.LSEEK, path, descriptor, piece, 1);
    }
    position += piece;
    return piece;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Descriptors.close(descriptor);
    }
  }
}
