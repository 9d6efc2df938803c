package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads a regular file of a [Root]. Not buffered: read in large pieces. For one thread.
public final class FileInput extends InputStream {
  private static final int SEEK_CUR = 1;
  private static final int SEEK_DATA = 3;

  private final int descriptor;
  private final RawPath path;
  private final FileStatus status;
  private final @Nullable ShiftedOwners owners;
  private long position;
  private boolean closed;

  FileInput(int descriptor, RawPath path, FileStatus status, @Nullable ShiftedOwners owners) {
    this.owners = owners;
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
    try (Frame frame = new Frame();
        CopyBuffer copy = new CopyBuffer()) {
      MemorySegment buffer = copy.bytes;
      int piece = Math.min(length, CopyBuffer.SIZE);
      int got = (int) frame.check(Syscall.READ, path, descriptor, buffer.address(), piece);
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
      frame.check(Syscall.LSEEK, path, descriptor, piece, SEEK_CUR);
    }
    position += piece;
    return piece;
  }

  /// Moves over a hole that begins here, to where the file goes on or ends.
  ///
  /// @return how many zeros reading would have given; 0 if there is no hole here
  public long skipHole() throws IOException {
    try (Frame frame = new Frame()) {
      long next = frame.call(Syscall.LSEEK, descriptor, position, SEEK_DATA);
      if (next == -Errno.ENXIO) {
        return skip(status.size() - position);
      }
      if (next < 0) {
        throw Syscall.LSEEK.failed(path, next);
      }
      long hole = next - position;
      position = next;
      return hole;
    }
  }

  /// The names of the extended attributes, in the order of the kernel.
  public List<byte[]> xattrs() throws IOException {
    try (Frame frame = new Frame()) {
      return XattrCalls.names(
          frame,
          path,
          (names, size) -> frame.call(Syscall.FLISTXATTR, descriptor, names.address(), size));
    }
  }

  /// The value of an extended attribute; null if there is none.
  public byte @Nullable [] xattr(byte[] attribute) throws IOException {
    try (Frame frame = new Frame()) {
      byte[] found =
          XattrCalls.value(
              frame,
              path,
              (value, size) ->
                  frame.call(
                      Syscall.FGETXATTR, descriptor, frame.text(attribute), value.address(), size));
      return owners == null ? found : owners.kept(attribute, found);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Descriptors.close(descriptor);
    }
  }
}
