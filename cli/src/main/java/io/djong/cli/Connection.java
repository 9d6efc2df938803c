package io.djong.cli;

import io.djong.api.EngineClient;
import io.djong.model.Exempt;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The way to the engine. It is opened on another thread while this one reads the command, because
/// the first socket of a JVM takes as long as everything else together.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because =
        "a virtual thread that waits for a socket leaves a thread in the kernel, and a JVM that ends"
            + " waits 300 ms for such")
final class Connection {
  private final EngineAddress address;
  private final Console console;
  private final Thread opening;
  private volatile @Nullable EngineClient client;
  private volatile @Nullable IOException failure;

  Connection(EngineAddress address, Console console) {
    this.address = address;
    this.console = console;
    opening = Thread.ofPlatform().daemon().start(new Opening(this));
  }

  EngineAddress address() {
    return address;
  }

  /// Starts an engine if there is none and that is ours to do: only now is it known that the
  /// command needs one.
  ///
  /// @throws IOException with a sentence for the user if there is none
  synchronized EngineClient engine() throws IOException {
    try {
      opening.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while connecting to " + address, e);
    }
    EngineClient open = client;
    if (open == null) {
      IOException why = failure;
      open = address.start(console, why == null ? new IOException("nobody answers") : why);
      client = open;
    }
    return open;
  }

  private record Opening(Connection connection) implements Runnable {
    @Override
    public void run() {
      try {
        connection.client = connection.address.connect();
      } catch (IOException e) {
        connection.failure = e;
      }
    }
  }
}
