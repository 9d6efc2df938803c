package io.djong.layers.overlay;

import io.djong.linux.FileOutput;
import io.djong.model.Exempt;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Writes a file beside the thread that has its bytes: hashing and writing fill two cores, the disk
/// is kept busy from the first bytes on, and the wait for it goes on while the next layer comes.
/// Handing over is for one thread; waiting for any.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "writing and fdatasync block in the kernel and would pin a virtual thread's carrier")
final class TarSpool implements AutoCloseable {
  private static final int BUFFER = 512 << 10;
  private static final int BUFFERS = 4;

  /// After so many bytes the disk is told to begin.
  private static final long STRIDE = 8 << 20;

  private final FileOutput file;
  private final boolean durable;
  private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BUFFERS);
  private final BlockingQueue<Piece> ready = new ArrayBlockingQueue<>(BUFFERS + 1);
  private final CompletableFuture<@Nullable IOException> written = new CompletableFuture<>();
  private final Thread thread;
  private int made;
  private boolean ended;

  /// Whether nobody wants the file any more.
  private volatile boolean dropped;

  /// Bytes to write; null ends the file.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Piece(byte @Nullable [] bytes, int length) {}

  /// How writing, and then waiting for the disk, went; null if well.
  private volatile @Nullable IOException failure;

  /// @param file closed by this
  /// @param durable whether the file shall be on the disk at the end
  TarSpool(FileOutput file, boolean durable) {
    this.file = file;
    this.durable = durable;
    this.thread = Thread.ofPlatform().daemon().name("layer-write").start(this::run);
  }

  /// A buffer to fill.
  byte[] take() throws IOException {
    byte[] again = free.poll();
    if (again != null) {
      return again;
    }
    if (made < BUFFERS) {
      made++;
      return new byte[BUFFER];
    }
    try {
      return free.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while writing a layer");
    }
  }

  /// Hands a buffer back, with bytes to be written.
  void give(byte[] buffer, int length) throws IOException {
    require(failure);
    // There is one place more than there are buffers.
    ready.add(new Piece(buffer, length));
  }

  /// Says that there are no more bytes. Idempotent.
  void end() {
    if (!ended) {
      ended = true;
      ready.add(new Piece(null, 0));
    }
  }

  /// Waits until all bytes can be read from the file.
  void awaitWritten() throws IOException {
    require(written.join());
  }

  /// Waits until the file is durable, if it shall be.
  void awaitDurable() throws IOException {
    join();
    require(failure);
  }

  private static void require(@Nullable IOException failed) throws IOException {
    if (failed != null) {
      throw new IOException("writing a layer: " + failed.getMessage(), failed);
    }
  }

  private void run() {
    try (file) {
      try {
        write();
        // A staged layer may stay for long.
        free.clear();
        written.complete(null);
        if (durable && !dropped) {
          file.sync();
        }
      } catch (IOException e) {
        failure = e;
        written.complete(e);
        drain();
      } catch (InterruptedException e) {
        failure = new InterruptedIOException("interrupted");
        written.complete(failure);
      }
    }
  }

  private void write() throws IOException, InterruptedException {
    long begun = 0;
    long position = 0;
    for (Piece piece = ready.take(); piece.bytes != null; piece = ready.take()) {
      if (!dropped) {
        file.write(piece.bytes, 0, piece.length);
        position += piece.length;
        if (durable && position - begun >= STRIDE) {
          file.beginSync(begun, position - begun);
          begun = position;
        }
      }
      free.add(piece.bytes);
    }
  }

  /// Whoever hands over must not wait for buffers that never come back.
  private void drain() {
    try {
      for (Piece piece = ready.take(); piece.bytes != null; piece = ready.take()) {
        free.add(piece.bytes);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void join() {
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
  }

  /// Ends without caring for what is written. Afterwards nobody writes any more.
  @Override
  public void close() {
    dropped = true;
    end();
    join();
  }
}
