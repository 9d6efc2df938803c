package io.djong.build.solve;

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
                  try (OutputStream closing = out) {
                    writing.to(closing);
                  } catch (IOException | RuntimeException e) {
                    failure.set(e);
                  }
                });
    return new Source() {
      @Override
      public InputStream stream() {
        return in;
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
        Throwable thrown = failure.get();
        if (thrown instanceof RuntimeException runtime) {
          throw runtime;
        }
        if (thrown != null) {
          throw new IOException("writing a layer", thrown);
        }
      }
    };
  }
}
