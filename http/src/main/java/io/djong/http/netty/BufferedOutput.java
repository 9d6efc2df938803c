package io.djong.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Gathers small writes into one buffer that a flush, or its being full, sends. One writer at a
/// time has it, others wait.
final class BufferedOutput extends OutputStream {
  private static final int CAPACITY = 16 << 10;

  /// Takes what was gathered, and the end.
  interface Sink {
    /// Waits until the next buffer may be sent.
    void awaitRoom() throws IOException;

    /// Takes the buffer over.
    void send(ByteBuf bytes) throws IOException;

    /// Called once.
    void end() throws IOException;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final ByteBufAllocator allocator;
  private final Sink sink;
  private final boolean atOnce;
  private @Nullable ByteBuf gathered;
  private boolean closed;

  /// @param atOnce whether each write is followed by a flush
  BufferedOutput(ByteBufAllocator allocator, Sink sink, boolean atOnce) {
    this.allocator = allocator;
    this.sink = sink;
    this.atOnce = atOnce;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the stream is closed");
      }
      int done = 0;
      while (done < length) {
        ByteBuf buffer = gathered;
        if (buffer == null) {
          buffer = allocator.directBuffer(CAPACITY, CAPACITY);
          gathered = buffer;
        }
        int some = Math.min(length - done, buffer.writableBytes());
        buffer.writeBytes(bytes, offset + done, some);
        done += some;
        if (!buffer.isWritable()) {
          pass();
        }
      }
      if (atOnce) {
        pass();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void flush() throws IOException {
    lock.lock();
    try {
      pass();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        pass();
        sink.end();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Sends what was gathered without waiting for room; later writes throw.
  ///
  /// @return false, with nothing done, while another thread writes
  boolean finish() throws IOException {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      closed = true;
      ByteBuf buffer = gathered;
      gathered = null;
      if (buffer != null) {
        sink.send(buffer);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void pass() throws IOException {
    ByteBuf buffer = gathered;
    if (buffer != null) {
      sink.awaitRoom();
      gathered = null;
      sink.send(buffer);
    }
  }
}
