package io.djong.registry.server;

import io.djong.http.HttpClient;
import io.djong.http.Transport;
import io.djong.http.Trust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sends events to one address, one after the other, each again for a while if it was not taken.
/// When a thousand wait, further ones are dropped and that is logged.
final class Webhook implements AutoCloseable {
  private static final Logger LOG = System.getLogger("io.djong.registry");
  private static final int WAITING = 1000;
  private static final int ATTEMPTS = 5;

  /// @param address `http://HOST[:PORT]/PATH` or `https://…`
  /// @param headers may hold secrets
  /// @param authorities who may vouch for the server of an `https` address; null for whom the
  ///   system trusts
  record Target(URI address, Map<String, String> headers, @Nullable Path authorities) {
    String path() {
      String path = address.getRawPath();
      String query = address.getRawQuery();
      return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }

    HttpClient client() throws IOException {
      return HttpClient.of(
          address,
          authorities == null
              ? Transport.DEFAULT
              : Transport.DEFAULT.with(Trust.of(List.of(authorities), null)));
    }

    /// A query may hold a secret.
    @Override
    public String toString() {
      return address.getScheme() + "://" + address.getAuthority() + address.getRawPath();
    }
  }

  private final Target target;
  private final HttpClient client;
  private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>(WAITING);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread sender;

  Webhook(Target target, HttpClient client) {
    this.target = target;
    this.client = client;
    this.sender = Thread.ofVirtual().name("webhook").start(this::run);
  }

  void offer(byte[] envelope) {
    if (!waiting.offer(envelope)) {
      LOG.log(Level.WARNING, "webhook " + target + ": too many events wait; one is dropped");
    }
  }

  private void run() {
    try {
      while (closed.getCount() > 0) {
        deliver(waiting.take());
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void deliver(byte[] envelope) throws InterruptedException {
    for (int i = 0; i < ATTEMPTS; i++) {
      if (i > 0 && closed.await(1L << i, TimeUnit.SECONDS)) {
        return;
      }
      if (sent(envelope)) {
        return;
      }
    }
    LOG.log(Level.WARNING, "webhook " + target + ": an event was not taken");
  }

  private boolean sent(byte[] envelope) {
    Map<String, String> headers = new LinkedHashMap<>(target.headers());
    headers.put("Content-Type", Events.MEDIA_TYPE);
    try (HttpClient.Exchange exchange =
        client.send(
            "POST", target.path(), headers, new ByteArrayInputStream(envelope), envelope.length)) {
      return exchange.status() / 100 == 2;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "webhook " + target, e);
      return false;
    }
  }

  @Override
  public void close() {
    closed.countDown();
    sender.interrupt();
    client.close();
  }
}
