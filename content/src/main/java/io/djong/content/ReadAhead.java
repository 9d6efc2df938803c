package io.djong.content;

import io.djong.model.Exempt;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Reads a stream on a thread of its own, a few buffers ahead of whoever reads this: what the
/// stream costs (hashing, inflating) and what the reader does with the bytes go on side by side on
/// two cores. What the stream throws is thrown at the same place here. For one reading thread.
///
/// Closing it ends the thread before it closes the stream, so that no two threads ever use the
/// stream at once; a read of the stream that is under way is interrupted, and if it does not heed
/// that, awaited.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "inflating and hashing fill a core; a virtual thread would take it from all others")
public final class ReadAhead extends InputStream {
  private static final int BUFFER = 256 << 10;
  private static final int BUFFERS = 4;

  private final InputStream in;
  private final Thread reader;
  private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BUFFERS);
  private final BlockingQueue<Piece> ready = new ArrayBlockingQueue<>(BUFFERS + 1);
  private @Nullable Piece current;
  private int next;
  private volatile boolean closed;

  /// A filled buffer, or how the stream ended.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Piece(byte[] bytes, int length, @Nullable Throwable failure) {}

  public ReadAhead(InputStream in) {
    this.in = in;
    for (int i = 0; i < BUFFERS; i++) {
      free.add(new byte[BUFFER]);
    }
    this.reader = Thread.ofPlatform().daemon().name("read-ahead").start(this::readAll);
  }

  private void readAll() {
    try {
      int length;
      do {
        byte[] buffer = free.take();
        length = in.readNBytes(buffer, 0, BUFFER);
        ready.put(new Piece(buffer, length, null));
      } while (length == BUFFER);
      if (length > 0) {
        ready.put(new Piece(new byte[0], 0, null));
      }
    } catch (InterruptedException e) {
      // Closed: nobody reads any more.
    } catch (IOException | RuntimeException | Error e) {
      // There is one place more than there are buffers.
      ready.offer(new Piece(new byte[0], 0, e));
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
    reader.interrupt();
    boolean interrupted = false;
    while (true) {
      try {
        reader.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    in.close();
  }
}
