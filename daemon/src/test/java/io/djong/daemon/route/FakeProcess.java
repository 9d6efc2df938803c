package io.djong.daemon.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Channel;
import io.djong.runtime.ContainerProcess.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// A process that says what the test says, and keeps what it is told.
final class FakeProcess implements Attachment {
  final ByteArrayOutputStream stdin = new ByteArrayOutputStream();
  final CountDownLatch stdinEnded = new CountDownLatch(1);
  final CountDownLatch left = new CountDownLatch(1);
  private final BlockingQueue<Optional<Output>> output = new LinkedBlockingQueue<>();

  void says(Channel channel, String text) {
    output.add(Optional.of(new Output(channel, text.getBytes(UTF_8))));
  }

  void ends() {
    output.add(Optional.empty());
  }

  @Override
  public @Nullable Output read() throws IOException {
    try {
      return output.take().orElse(null);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    stdin.write(bytes, offset, length);
  }

  @Override
  public void closeStdin() {
    stdinEnded.countDown();
  }

  @Override
  public void close() {
    left.countDown();
    ends();
  }
}
