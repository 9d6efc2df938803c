package io.djong.registry.client;

import io.djong.http.HttpClient;
import io.djong.http.HttpClient.Exchange;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import io.djong.registry.Challenge;
import io.djong.registry.Credentials;
import io.djong.registry.Scope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Proves to one server who one user is: by password, or by tokens that the server's token service
/// gives for it (Docker's token authentication specification). Safe for use by several threads.
///
/// A password goes to the registry itself, and to a token service on the same host or below the
/// same domain. Elsewhere it is not sent: a registry that was taken over, or a wrong name, would
/// else collect passwords.
final class Authorizer {
  private static final String CLIENT = "djong";
  private static final int MAX_ANSWER = 1 << 20;
  private static final Duration SHORTEST = Duration.ofSeconds(60);
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final Server server;
  private final Credentials credentials;
  private final Pause pause;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Token> tokens = new HashMap<>();
  private @Nullable String refresh;

  private record Token(String header, Instant until) {
    @Override
    public String toString() {
      return "Token[until " + until + "]";
    }
  }

  Authorizer(Server server, Credentials credentials, Pause pause, InstantSource clock) {
    this.server = server;
    this.credentials = credentials;
    this.pause = pause;
    this.clock = clock;
  }

  /// What `Authorization` shall say for these scopes; null for nothing.
  @Nullable String header(List<Scope> scopes) throws IOException {
    return header(server.contact().challenges(), scopes, null);
  }

  /// What it shall say after it was refused.
  ///
  /// @param refused what was said before
  /// @return null if there is nothing better to say
  @Nullable String next(List<Challenge> challenges, List<Scope> scopes, @Nullable String refused)
      throws IOException {
    String next = header(challenges, scopes, refused);
    return next == null || next.equals(refused) ? null : next;
  }

  private @Nullable String header(
      List<Challenge> challenges, List<Scope> scopes, @Nullable String refused) throws IOException {
    if (credentials instanceof Credentials.RegistryToken(String token)) {
      return "Bearer " + token;
    }
    for (Challenge challenge : challenges) {
      if (challenge.scheme().equals("bearer") && challenge.parameter("realm") != null) {
        return bearer(challenge, scopes, refused);
      }
    }
    for (Challenge challenge : challenges) {
      if (challenge.scheme().equals("basic")) {
        return credentials instanceof Credentials.Password password ? password.header() : null;
      }
    }
    return null;
  }

  private String bearer(Challenge challenge, List<Scope> scopes, @Nullable String refused)
      throws IOException {
    List<String> wanted = new ArrayList<>();
    for (Scope scope : scopes) {
      wanted.add(scope.toString());
    }
    String asked = challenge.parameter("scope");
    // A registry may want more than we think, for a catalog say.
    if (asked != null && refused != null) {
      for (Scope scope : Scope.parseAll(asked)) {
        if (!wanted.contains(scope.toString())) {
          wanted.add(scope.toString());
        }
      }
    }
    String key = challenge.parameter("realm") + " " + challenge.parameter("service") + " " + wanted;
    lock.lock();
    try {
      Token known = tokens.get(key);
      if (known != null
          && !known.header().equals(refused)
          && clock.instant().isBefore(known.until())) {
        return known.header();
      }
      Token fresh = fetch(challenge, wanted, false);
      tokens.put(key, fresh);
      return fresh.header();
    } finally {
      lock.unlock();
    }
  }

  /// Asks for a token that stands for the user from now on.
  ///
  /// @return null if the server has none to give: the password was right all the same
  /// @throws Fault.Denied if the password is wrong
  @Nullable String login() throws IOException {
    Server.Contact contact = server.contact();
    for (Challenge challenge : contact.challenges()) {
      if (challenge.scheme().equals("bearer") && challenge.parameter("realm") != null) {
        lock.lock();
        try {
          Token token = fetch(challenge, List.of(), true);
          tokens.put("login", token);
          return refresh;
        } finally {
          lock.unlock();
        }
      }
    }
    return null;
  }

  private Token fetch(Challenge challenge, List<String> scopes, boolean login) throws IOException {
    URI realm = realm(String.valueOf(challenge.parameter("realm")));
    boolean trusted = isTrusted(realm);
    if (!trusted && !(credentials instanceof Credentials.None)) {
      throw new Fault.Denied(
          "the registry "
              + server
              + " wants its password sent to "
              + realm.getAuthority()
              + ", which is not of its domain: refused");
    }
    Attempts attempts = new Attempts(pause);
    while (true) {
      try (Exchange answer = ask(realm, challenge.parameter("service"), scopes, login)) {
        if (answer.status() == 200) {
          return read(answer);
        }
        String after = answer.header("Retry-After");
        if (!Attempts.mayPass(answer.status()) || !attempts.again(after)) {
          throw Refusals.of(answer);
        }
      } catch (IOException e) {
        attempts.again(e);
      }
    }
  }

  private Exchange ask(URI realm, @Nullable String service, List<String> scopes, boolean login)
      throws IOException {
    HttpClient client = server.origins().client(Origins.of(realm));
    List<String> parameters = new ArrayList<>();
    if (service != null) {
      parameters.add("service=" + encode(service));
    }
    Map<String, String> headers = new HashMap<>(Requests.HEADERS);
    String path =
        realm.getRawPath() == null || realm.getRawPath().isEmpty() ? "/" : realm.getRawPath();
    String query = realm.getRawQuery();
    if (credentials instanceof Credentials.IdentityToken(_, String token)) {
      parameters.add("grant_type=refresh_token");
      parameters.add("client_id=" + CLIENT);
      parameters.add("refresh_token=" + encode(token));
      if (!scopes.isEmpty()) {
        parameters.add("scope=" + encode(String.join(" ", scopes)));
      }
      byte[] form = String.join("&", parameters).getBytes(StandardCharsets.UTF_8);
      headers.put("Content-Type", "application/x-www-form-urlencoded");
      String target = query == null ? path : path + "?" + query;
      return client.send("POST", target, headers, new ByteArrayInputStream(form), form.length);
    }
    if (query != null) {
      parameters.addFirst(query);
    }
    for (String scope : scopes) {
      parameters.add("scope=" + encode(scope));
    }
    if (credentials instanceof Credentials.Password password) {
      headers.put("Authorization", password.header());
      parameters.add("account=" + encode(password.user()));
      parameters.add("client_id=" + CLIENT);
      if (login) {
        parameters.add("offline_token=true");
      }
    }
    return client.send("GET", path + "?" + String.join("&", parameters), headers, null, 0);
  }

  private Token read(Exchange answer) throws IOException {
    byte[] body = answer.body().readNBytes(MAX_ANSWER);
    if (!(Json.lean().readTree(body) instanceof Map<?, ?> fields)) {
      throw new Fault.Failed("the token service of " + server + " answered with no token");
    }
    Object token = fields.get("token");
    Object other = fields.get("access_token");
    String text =
        token instanceof String first && !first.isEmpty()
            ? first
            : other instanceof String second ? second : "";
    if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new Fault.Failed("the token service of " + server + " answered with no token");
    }
    if (fields.get("refresh_token") instanceof String again && !again.isEmpty()) {
      refresh = again;
    }
    long seconds = fields.get("expires_in") instanceof Number number ? number.longValue() : 0;
    Duration lasts = Duration.ofSeconds(Math.clamp(seconds, SHORTEST.toSeconds(), 86_400));
    return new Token("Bearer " + text, clock.instant().plus(lasts).minus(MARGIN));
  }

  private URI realm(String text) throws IOException {
    URI origin = server.contact().origin();
    try {
      URI realm = origin.resolve(new URI(text));
      boolean secure = "https".equals(realm.getScheme());
      boolean plain = "http".equals(realm.getScheme()) && !"https".equals(origin.getScheme());
      if (realm.getHost() != null
          && realm.getUserInfo() == null
          && (secure || plain)
          && (!Origins.isOfThisLink(realm.getHost()) || Origins.isOfThisLink(origin.getHost()))) {
        return realm;
      }
    } catch (URISyntaxException e) {
      // As below.
    }
    throw new Fault.Denied(
        "the registry "
            + server
            + " sends us to a token service that must not be asked: "
            + Refusals.shown(text));
  }

  /// Whether the password may be given to it.
  private boolean isTrusted(URI realm) throws IOException {
    URI origin = server.contact().origin();
    String ours = origin.getHost();
    String theirs = realm.getHost();
    if (ours.equalsIgnoreCase(theirs)) {
      return true;
    }
    if (Origins.isLoopback(ours) && Origins.isLoopback(theirs)) {
      return true;
    }
    String domain = domain(ours);
    return "https".equals(realm.getScheme())
        && domain != null
        && domain.equalsIgnoreCase(domain(theirs));
  }

  /// The part of a host's name that somebody owns, as far as that can be told from its length: of
  /// `a.b.co.uk` it is `b.co.uk`. Null for addresses and names without a dot.
  private static @Nullable String domain(String host) {
    if (host.indexOf(':') >= 0 || host.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.')) {
      return null;
    }
    List<String> labels = List.of(host.split("\\.", -1));
    int size = labels.size();
    if (size < 2) {
      return null;
    }
    boolean country = labels.getLast().length() == 2 && labels.get(size - 2).length() <= 3;
    int kept = country ? 3 : 2;
    return size < kept ? null : String.join(".", labels.subList(size - kept, size));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
