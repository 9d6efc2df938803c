package io.djong.registry.server;

import com.nimbusds.jose.jwk.JWKSet;
import io.djong.http.HttpClient;
import io.djong.http.Transport;
import io.djong.http.Trust;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The public keys of one issuer of tokens (RFC 7517): fixed ones, or those at an address, which
/// are fetched when the first token comes, once an hour, and when a token names a key that is not
/// among them, but then at most twice a minute. While the address does not answer, the keys that
/// were there last go on counting. Safe for use by several threads; nobody waits whose key is known
/// and fresh.
final class IssuerKeys implements AutoCloseable {
  private static final Logger LOG = System.getLogger("io.djong.registry");
  private static final int MAX_BYTES = 256 << 10;
  private static final Duration FRESH = Duration.ofHours(1);
  private static final Duration BETWEEN = Duration.ofSeconds(30);

  private record Fetched(JWKSet keys, Instant at) {}

  private final @Nullable URI address;
  private final @Nullable HttpClient client;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private Instant tried = Instant.MIN;
  private volatile Fetched known;

  private IssuerKeys(
      @Nullable URI address, @Nullable HttpClient client, JWKSet first, InstantSource clock) {
    this.address = address;
    this.client = client;
    this.clock = clock;
    this.known = new Fetched(first, Instant.MIN);
  }

  static IssuerKeys of(JWKSet keys) {
    return new IssuerKeys(null, null, keys, InstantSource.system());
  }

  /// @param place a file, or an address with `https`, or with `http` on this machine
  /// @param authorities who may vouch for the server there; null for whom the system trusts
  /// @throws Fault.Invalid if the place is neither, or the file has no keys
  static IssuerKeys at(String place, @Nullable Path authorities, InstantSource clock)
      throws IOException {
    if (!place.startsWith("https://") && !place.startsWith("http://")) {
      return of(parse(place, Files.readAllBytes(Path.of(place))));
    }
    try {
      URI address = new URI(place);
      String host = address.getHost();
      boolean here = "localhost".equals(host) || "127.0.0.1".equals(host) || "[::1]".equals(host);
      if (host == null
          || address.getUserInfo() != null
          || ("http".equals(address.getScheme()) && !here)) {
        throw new Fault.Invalid(
            "token.trusted: want jwks as a file or https://HOST[:PORT]/PATH, found "
                + address.getScheme()
                + "://"
                + host);
      }
      Transport transport =
          authorities == null
              ? Transport.DEFAULT
              : Transport.DEFAULT.with(Trust.of(List.of(authorities), null));
      return new IssuerKeys(address, HttpClient.of(address, transport), new JWKSet(), clock);
    } catch (URISyntaxException e) {
      throw new Fault.Invalid("token.trusted: jwks is no address", e);
    }
  }

  private static JWKSet parse(String place, byte[] bytes) {
    try {
      return JWKSet.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (ParseException e) {
      throw new Fault.Invalid(place + " is no set of keys (RFC 7517)", e);
    }
  }

  /// The keys to try.
  ///
  /// @param id what the token calls its key; null if it does not say
  JWKSet keys(@Nullable String id) {
    if (address == null || suffices(known, id)) {
      return known.keys();
    }
    lock.lock();
    try {
      Instant now = clock.instant();
      if (!suffices(known, id) && !now.isBefore(tried.plus(BETWEEN))) {
        tried = now;
        known = new Fetched(fetch(), now);
      }
    } catch (IOException | Fault e) {
      LOG.log(Level.WARNING, "keys of " + address.getScheme() + "://" + address.getHost(), e);
    } finally {
      lock.unlock();
    }
    return known.keys();
  }

  private boolean suffices(Fetched fetched, @Nullable String id) {
    return (id == null || fetched.keys().getKeyByKeyId(id) != null)
        && clock.instant().isBefore(fetched.at().plus(FRESH));
  }

  private JWKSet fetch() throws IOException {
    URI from = java.util.Objects.requireNonNull(address);
    String path = from.getRawPath();
    String query = from.getRawQuery();
    String target =
        (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    try (HttpClient.Exchange answer =
        java.util.Objects.requireNonNull(client)
            .send("GET", target, Map.of("Accept", "application/json"), null, 0)) {
      InputStream body = answer.body();
      byte[] bytes = body.readNBytes(MAX_BYTES + 1);
      if (answer.status() != 200 || bytes.length > MAX_BYTES) {
        throw new IOException(
            "status " + answer.status() + " and " + bytes.length + " bytes instead of keys");
      }
      return parse(from.getScheme() + "://" + from.getHost(), bytes);
    }
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
