package io.djong.build.solve;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Lets what is written be read, by a thread between the two.
final class Pipes {
  private static final int BUFFER = 1 << 20;

  private Pipes() {}

  /// What is read; closing it ends the writer too and tells if it failed.
  interface Source extends AutoCloseable {
    /// What is written. A writer that fails does not end it: reading fails as the writing did.
    InputStream stream();

    @Override
    void close() throws IOException;
  }

  static Source of(LayerStore.Writing writing) throws IOException {
    PipedInputStream in = new PipedInputStream(BUFFER);
    PipedOutputStream out = new PipedOutputStream(in);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread writer =
        Thread.ofVirtual()
            .name("writing a layer")
            .start(
                () -> {
                  // Known before the end is seen.
                  try (out) {
                    write(writing, out, failure);
                  } catch (IOException e) {
                    failure.compareAndSet(null, e);
                  }
                });
    Failing failing = new Failing(in, failure);
    return new Source() {
      @Override
      public InputStream stream() {
        return failing;
      }

      @Override
      public void close() throws IOException {
        in.close();
        try {
          writer.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new java.io.InterruptedIOException("interrupted while a layer is written");
        }
        // Nobody is told twice: an exception cannot be suppressed by itself.
        if (!failing.told) {
          refuse(failure);
        }
      }
    };
  }

  private static void write(
      LayerStore.Writing writing, OutputStream out, AtomicReference<@Nullable Throwable> failure) {
    try {
      writing.to(out);
    } catch (IOException | RuntimeException e) {
      failure.set(e);
    }
  }

  private static void refuse(AtomicReference<@Nullable Throwable> failure) throws IOException {
    Throwable thrown = failure.get();
    if (thrown instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (thrown != null) {
      throw new IOException("writing a layer", thrown);
    }
  }

  private static final class Failing extends FilterInputStream {
    private final AtomicReference<@Nullable Throwable> failure;
    private volatile boolean told;

    Failing(InputStream in, AtomicReference<@Nullable Throwable> failure) {
      super(in);
      this.failure = failure;
    }

    @Override
    public int read() throws IOException {
      return orFail(super.read());
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return orFail(super.read(into, offset, length));
    }

    private int orFail(int got) throws IOException {
      if (got < 0) {
        told = failure.get() != null;
        refuse(failure);
      }
      return got;
    }
  }
}
