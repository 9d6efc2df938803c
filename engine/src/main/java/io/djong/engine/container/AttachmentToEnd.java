package io.djong.engine.container;

import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Output;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Streams whose end is told when the exit code is known too: clients ask for it right afterwards.
/// A process that closes its streams and goes on is not waited for for long.
record AttachmentToEnd(Attachment streams, CompletableFuture<Integer> end) implements Attachment {
  private static final int PATIENCE_SECONDS = 2;

  @Override
  public @Nullable Output read() throws IOException {
    Output output = streams.read();
    if (output == null) {
      awaitEnd();
    }
    return output;
  }

  private void awaitEnd() throws IOException {
    try {
      end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return; // It goes on without streams.
    } catch (ExecutionException e) {
      throw new IllegalStateException("an exit is never exceptional", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a process ended");
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    streams.write(bytes, offset, length);
  }

  @Override
  public void closeStdin() throws IOException {
    streams.closeStdin();
  }

  @Override
  public void close() throws IOException {
    streams.close();
  }
}
