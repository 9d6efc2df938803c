package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes a regular file that [Root#create] made, and sets what belongs to it without naming it
/// again. Not buffered: write in large pieces. For one thread. Closing makes nothing durable;
/// [#sync] does.
public final class FileOutput extends OutputStream {
  private static final int SYNC_FILE_RANGE_WRITE = 2;

  private final int descriptor;
  private final RawPath path;
  private final @Nullable ShiftedOwners owners;
  private boolean closed;

  FileOutput(int descriptor, RawPath path, @Nullable ShiftedOwners owners) {
    this.descriptor = descriptor;
    this.path = path;
    this.owners = owners;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    if (length == 0) {
      return;
    }
    try (Frame frame = new Frame();
        CopyBuffer copy = new CopyBuffer()) {
      MemorySegment buffer = copy.bytes;
      int done = 0;
      while (done < length) {
        int piece = (int) Math.min(length - done, buffer.byteSize());
        MemorySegment.copy(from, offset + done, buffer, Libc.BYTE, 0, piece);
        done += (int) frame.check(Syscall.WRITE, path, open(), buffer.address(), piece);
      }
    }
  }

  /// Moves on without writing: what was skipped reads as zeros and takes no disk. A hole at the end
  /// needs [#truncate].
  public void skip(long bytes) throws IOException {
    try (Frame frame = new Frame()) {
      frame.check(Syscall.LSEEK, path, open(), bytes, 1);
    }
  }

  /// Sets the length of the file.
  public void truncate(long size) throws IOException {
    try (Frame frame = new Frame()) {
      frame.check(Syscall.FTRUNCATE, path, open(), size);
    }
  }

  /// Sets the owner. The kernel drops setuid, setgid and file capabilities with it, so it goes
  /// before [#chmod] and [#setXattr].
  public void chown(int uid, int gid) throws IOException {
    try (Frame frame = new Frame()) {
      frame.check(
          Syscall.FCHOWNAT,
          path,
          open(),
          frame.text(new byte[0]),
          owners == null ? uid : owners.user(path, uid),
          owners == null ? gid : owners.group(path, gid),
          Descriptors.AT_EMPTY_PATH);
    }
  }

  public void chmod(int permissions) throws IOException {
    try (Frame frame = new Frame()) {
      frame.check(Syscall.FCHMOD, path, open(), permissions);
    }
  }

  public void setXattr(byte[] name, byte[] value) throws IOException {
    byte[] shown = owners == null ? value : owners.shown(name, value);
    try (Frame frame = new Frame()) {
      MemorySegment bytes = frame.allocate(Math.max(1, shown.length));
      MemorySegment.copy(shown, 0, bytes, Libc.BYTE, 0, shown.length);
      frame.check(
          Syscall.FSETXATTR, path, open(), frame.text(name), bytes.address(), shown.length, 0);
    }
  }

  public void setTimes(Instant accessed, Instant modified) throws IOException {
    try (Frame frame = new Frame()) {
      frame.check(
          Syscall.UTIMENSAT, path, open(), 0, Descriptors.times(frame, accessed, modified), 0);
    }
  }

  /// Lets the disk begin to write these bytes, and does not wait for it: [#sync] has less to wait
  /// for then. Makes nothing durable (`sync_file_range(2)`).
  public void beginSync(long from, long length) throws IOException {
    try (Frame frame = new Frame()) {
      frame.check(Syscall.SYNC_FILE_RANGE, path, open(), from, length, SYNC_FILE_RANGE_WRITE);
    }
  }

  /// Waits until the bytes and what is needed to read them are on the disk (`fdatasync(2)`). The
  /// name is durable only after a [Root#sync] of its folder.
  public void sync() throws IOException {
    try (Frame frame = new Frame()) {
      frame.check(Syscall.FDATASYNC, path, open());
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Descriptors.close(descriptor);
    }
  }

  private int open() throws IOException {
    if (closed) {
      throw new IOException("writing \"" + path + "\": closed");
    }
    return descriptor;
  }
}
