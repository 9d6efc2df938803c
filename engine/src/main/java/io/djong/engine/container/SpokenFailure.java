package io.djong.engine.container;

import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Channel;
import io.djong.runtime.ContainerProcess.Output;
import org.jspecify.annotations.Nullable;

/// The streams of a process that could not be started: they say why. For one thread.
final class SpokenFailure implements Attachment {
  private byte @Nullable [] message;

  SpokenFailure(byte[] message) {
    this.message = message;
  }

  @Override
  public @Nullable Output read() {
    byte[] said = message;
    message = null;
    return said == null ? null : new Output(Channel.STDOUT, said);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {}

  @Override
  public void closeStdin() {}

  @Override
  public void close() {}
}
