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
  private final Thread opening;
  private volatile @Nullable EngineClient client;
  private volatile @Nullable IOException failure;

  Connection(EngineAddress address, Console console) {
    this.address = address;
    opening = Thread.ofPlatform().daemon().start(new Opening(this, console));
  }

  EngineAddress address() {
    return address;
  }

  EngineClient engine() throws IOException {
    try {
      opening.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while connecting to " + address, e);
    }
    EngineClient open = client;
    if (open != null) {
      return open;
    }
    IOException why = failure;
    throw why == null ? new IOException("cannot connect to " + address) : why;
  }

  private record Opening(Connection connection, Console console) implements Runnable {
    @Override
    public void run() {
      try {
        connection.client = connection.address.open(console);
      } catch (IOException e) {
        connection.failure = e;
      }
    }
  }
}
