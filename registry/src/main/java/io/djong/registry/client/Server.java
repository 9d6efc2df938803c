package io.djong.registry.client;

import io.djong.http.HttpClient;
import io.djong.http.HttpClient.Exchange;
import io.djong.model.Fault;
import io.djong.registry.Challenge;
import io.djong.registry.RegistryPath;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One registry's server: where it is, and how it wants to know who one is. Safe for use by several
/// threads.
final class Server {
  private static final int MAX_DRAINED = 64 << 10;

  private final Origins origins;
  private final List<URI> candidates;
  private final ReentrantLock lock = new ReentrantLock();
  private final SpareConnections spare = new SpareConnections();
  private @Nullable Contact contact;

  /// What was found out when it was first asked.
  record Contact(URI origin, HttpClient client, List<Challenge> challenges) {}

  private Server(Origins origins, List<URI> candidates) {
    this.origins = origins;
    this.candidates = candidates;
  }

  /// The server of a registry's host.
  static Server of(Origins origins, String host) {
    String name = host.equals("docker.io") ? "registry-1.docker.io" : host;
    URI secure = Origins.of("https", name);
    if (!origins.isInsecure(name)) {
      return new Server(origins, List.of(secure));
    }
    URI plain = Origins.of("http", name);
    // On this machine nobody listens in, and nearly all speak plainly: do not begin with a TLS
    // handshake.
    return new Server(
        origins, Origins.isLoopback(name) ? List.of(plain, secure) : List.of(secure, plain));
  }

  /// A server whose address was given in full.
  static Server at(Origins origins, URI address) {
    return new Server(origins, List.of(Origins.of(address)));
  }

  /// Asks whether there is a registry, once; what failed is asked again.
  ///
  /// @throws Fault.Failed if there is none, or nobody answers
  Contact contact() throws IOException {
    lock.lock();
    try {
      Contact known = contact;
      if (known != null) {
        return known;
      }
      Map<URI, IOException> failures = new LinkedHashMap<>();
      for (URI origin : candidates) {
        try {
          Contact found = ask(origin);
          if (found != null) {
            contact = found;
            return found;
          }
        } catch (IOException e) {
          if (Thread.currentThread().isInterrupted()) {
            throw e;
          }
          failures.put(origin, e);
        }
      }
      if (failures.isEmpty()) {
        throw new Fault.Failed(
            candidates.getFirst() + "/v2/ is no registry: it does not speak its protocol");
      }
      throw failure(failures);
    } finally {
      lock.unlock();
    }
  }

  /// Of two ways that failed, plain HTTP was the last resort, unless somebody speaks TLS there.
  private Fault failure(Map<URI, IOException> failures) {
    URI shown = candidates.getFirst();
    for (URI origin : candidates) {
      if ("http".equals(origin.getScheme())) {
        shown = origin;
      }
    }
    IOException failure = failures.get(shown);
    if (failure == null) {
      shown = failures.keySet().iterator().next();
      failure = failures.values().iterator().next();
    }
    return new Fault.Failed("Get \"" + shown + "/v2/\": " + words(failure), failure);
  }

  private static String words(IOException failure) {
    String message = failure.getMessage();
    String words = message == null ? failure.getClass().getSimpleName() : message;
    return failure instanceof SSLException ? "tls: " + words : words;
  }

  private @Nullable Contact ask(URI origin) throws IOException {
    HttpClient client = origins.client(origin);
    try (Exchange answer =
        client.send("GET", new RegistryPath.Base().toString(), Requests.HEADERS, null, 0)) {
      int status = answer.status();
      List<Challenge> challenges = challenges(answer);
      drain(answer);
      // Go's servers answer plain HTTP on a port for TLS with a status of their own.
      boolean mistaken = status == 400 && "http".equals(origin.getScheme());
      return mistaken && candidates.size() > 1 ? null : new Contact(origin, client, challenges);
    }
  }

  static List<Challenge> challenges(Exchange answer) {
    List<Challenge> all = new ArrayList<>();
    for (String header : answer.headers("WWW-Authenticate")) {
      all.addAll(Challenge.parse(header));
    }
    return all;
  }

  /// Reads what is left of a short body, so that its connection can be used again.
  static int drain(Exchange answer) throws IOException {
    return answer.body().readNBytes(MAX_DRAINED).length;
  }

  Origins origins() {
    return origins;
  }

  SpareConnections spare() {
    return spare;
  }

  /// What people call it: its host.
  @Override
  public String toString() {
    return candidates.getFirst().getAuthority();
  }
}
