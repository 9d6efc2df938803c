package io.djong.engine.container;

import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Output;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// An attachment to a container that is not started yet: everything waits for the start. If there
/// is none, output is at its end and input is refused.
final class LateAttachment implements Attachment {
  private final CompletableFuture<Attachment> streams = new CompletableFuture<>();

  /// Gives it its streams; they are closed if nobody wants them any more.
  void connect(Attachment real) throws IOException {
    if (!streams.complete(real)) {
      real.close();
    }
  }

  void cancel() {
    streams.complete(new Nothing());
  }

  boolean isOver() {
    return streams.isDone();
  }

  @Override
  public @Nullable Output read() throws IOException {
    return streams.join().read();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    streams.join().write(bytes, offset, length);
  }

  @Override
  public void closeStdin() throws IOException {
    streams.join().closeStdin();
  }

  @Override
  @SuppressWarnings("try") // What was connected here is closed here.
  public void close() throws IOException {
    if (!streams.complete(new Nothing())) {
      streams.join().close();
    }
  }

  /// No streams at all.
  private static final class Nothing implements Attachment {
    @Override
    public @Nullable Output read() {
      return null;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      throw new IOException("the container was not started");
    }

    @Override
    public void closeStdin() {}

    @Override
    public void close() {}
  }
}
