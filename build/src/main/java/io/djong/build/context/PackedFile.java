package io.djong.build.context;

import io.djong.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// One file in which the bytes of many lie one after the other. It is believed to be as it was
/// written.
final class PackedFile implements Contents, Closeable {
  private static final int SMALL = 32 << 10;
  private static final int WINDOW = 256 << 10;

  private final FileChannel channel;

  /// Guards the two below.
  private final Object lock = new Object();

  /// The bytes of the file from `windowAt` on.
  private @Nullable ByteBuffer window;

  private long windowAt;

  PackedFile(FileChannel channel) {
    this.channel = channel;
  }

  FileChannel channel() {
    return channel;
  }

  @Override
  public InputStream open(long offset, long size, Digest digest) throws IOException {
    return size <= SMALL
        ? new ByteArrayInputStream(small(offset, (int) size))
        : new Piece(channel, offset, size);
  }

  /// Small files come after each other: many are read at once.
  private byte[] small(long offset, int size) throws IOException {
    synchronized (lock) {
      ByteBuffer ahead = window;
      if (ahead == null) {
        ahead = ByteBuffer.allocate(WINDOW).limit(0);
        window = ahead;
      }
      if (offset < windowAt || offset + size > windowAt + ahead.limit()) {
        ahead.clear();
        windowAt = offset;
        while (ahead.position() < size) {
          if (channel.read(ahead, offset + ahead.position()) < 0) {
            ahead.limit(0);
            throw new IOException("the build context is shorter than it was");
          }
        }
        ahead.flip();
      }
      byte[] bytes = new byte[size];
      ahead.get((int) (offset - windowAt), bytes);
      return bytes;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static final class Piece extends InputStream {
    private final FileChannel channel;
    private long position;
    private long left;

    Piece(FileChannel channel, long position, long left) {
      this.channel = channel;
      this.position = position;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int got = channel.read(ByteBuffer.wrap(into, offset, (int) Math.min(length, left)), position);
      if (got < 0) {
        throw new IOException("the build context is shorter than it was");
      }
      position += got;
      left -= got;
      return got;
    }
  }
}
