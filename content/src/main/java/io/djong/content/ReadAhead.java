package io.djong.content;

import io.djong.model.Exempt;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Gives what is read or made on a thread of its own, a few buffers ahead of whoever reads this:
/// what the bytes cost there (hashing, inflating) and what the reader does with them go on side by
/// side on two cores. What is thrown there is thrown at the same place here. For one reading
/// thread.
///
/// Closing it ends the thread before it closes the stream, so that no two threads ever use the
/// stream at once; a call that is under way is interrupted, and if it does not heed that, awaited.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "inflating and hashing fill a core; a virtual thread would take it from all others")
public final class ReadAhead extends InputStream {
  private static final int BUFFER = 256 << 10;
  private static final int BUFFERS = 4;

  private final Closeable source;
  private final Thread thread;
  private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BUFFERS);
  private final BlockingQueue<Piece> ready = new ArrayBlockingQueue<>(BUFFERS + 1);
  private @Nullable Piece current;
  private int next;
  private volatile boolean closed;

  /// A filled buffer, or how the stream ended.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Piece(byte[] bytes, int length, @Nullable Throwable failure) {}

  /// Writes all there is.
  @FunctionalInterface
  public interface Maker {
    void writeTo(OutputStream out) throws IOException;
  }

  /// Reads a stream ahead.
  public ReadAhead(InputStream in) {
    this(out -> out.fillFrom(in), in);
  }

  /// Reads what is written.
  public ReadAhead(Maker maker) {
    this(maker::writeTo, () -> {});
  }

  private interface Work {
    void run(Filling out) throws IOException;
  }

  private ReadAhead(Work work, Closeable source) {
    this.source = source;
    for (int i = 0; i < BUFFERS; i++) {
      free.add(new byte[BUFFER]);
    }
    this.thread = Thread.ofPlatform().daemon().name("read-ahead").start(() -> make(work));
  }

  private void make(Work work) {
    Throwable failure = null;
    Filling out = new Filling();
    try {
      work.run(out);
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    }
    out.flush();
    // There is one place more than there are buffers.
    ready.offer(new Piece(new byte[0], 0, failure));
  }

  /// Fills the buffers.
  private final class Filling extends OutputStream {
    private byte @Nullable [] buffer;
    private int filled;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      int from = offset;
      while (from < offset + length) {
        byte[] into = buffer == null ? take() : buffer;
        buffer = into;
        int n = Math.min(BUFFER - filled, offset + length - from);
        System.arraycopy(bytes, from, into, filled, n);
        filled += n;
        from += n;
        if (filled == BUFFER) {
          flush();
        }
      }
    }

    void fillFrom(InputStream in) throws IOException {
      int n;
      do {
        byte[] into = buffer == null ? take() : buffer;
        buffer = into;
        n = in.read(into, filled, BUFFER - filled);
        filled += Math.max(0, n);
        if (filled == BUFFER) {
          flush();
        }
      } while (n >= 0);
    }

    @Override
    public void flush() {
      if (buffer != null && filled > 0) {
        ready.add(new Piece(buffer, filled, null));
        buffer = null;
        filled = 0;
      }
    }

    private byte[] take() throws IOException {
      try {
        return free.take();
      } catch (InterruptedException e) {
        throw new InterruptedIOException("nobody reads any more");
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    Piece piece = current();
    rethrow(piece.failure);
    if (piece.length == 0) {
      return -1;
    }
    int n = Math.min(length, piece.length - next);
    System.arraycopy(piece.bytes, next, bytes, offset, n);
    next += n;
    if (next == piece.length) {
      current = null;
      free.add(piece.bytes);
    }
    return n;
  }

  private Piece current() throws IOException {
    if (closed) {
      throw new IOException("stream closed");
    }
    Piece piece = current;
    if (piece == null) {
      try {
        piece = ready.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while reading");
      }
      current = piece;
      next = 0;
    }
    return piece;
  }

  private static void rethrow(@Nullable Throwable failure) throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    thread.interrupt();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    source.close();
  }
}
