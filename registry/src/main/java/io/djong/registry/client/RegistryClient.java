package io.djong.registry.client;

import io.djong.http.HttpClient.Exchange;
import io.djong.model.Fault;
import io.djong.registry.Credentials;
import io.djong.registry.RegistryPath;
import io.djong.registry.RegistrySettings;
import io.djong.registry.SearchAnswer;
import io.djong.registry.sign.TrustPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Speaks with registries. What it learned of them, connections and tokens are kept between calls.
/// Safe for use by several threads.
public final class RegistryClient implements AutoCloseable {
  private static final int MAX_USERS = 100;
  private static final int MAX_SEARCH = 4 << 20;

  private final RegistrySettings settings;
  private final Pause pause;
  private final InstantSource clock;
  private final @Nullable Ranges ranges;
  private final Origins origins;
  private final Map<String, Server> servers = new LinkedHashMap<>();

  /// Those who asked last, with their tokens.
  private final Map<User, Requests> users =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<User, Requests> eldest) {
          return size() > MAX_USERS;
        }
      };

  private record User(String server, Credentials credentials) {}

  /// A client that reads each blob as one stream.
  public RegistryClient(RegistrySettings settings, InstantSource clock) {
    this(settings, clock, Pause.REAL);
  }

  RegistryClient(RegistrySettings settings, InstantSource clock, Pause pause) {
    this(settings, clock, pause, null);
  }

  RegistryClient(
      RegistrySettings settings, InstantSource clock, Pause pause, @Nullable Ranges ranges) {
    this.settings = settings;
    this.clock = clock;
    this.pause = pause;
    this.ranges = ranges;
    this.origins = new Origins(settings);
  }

  /// A client that reads large blobs over several connections, where one is slower than whoever
  /// takes the bytes.
  ///
  /// @param pieces a folder of this process alone for parts that came before those in front of
  ///   them, at most 64 MiB a blob; made if it is not there
  /// @param keep how long parts of blobs that were broken off stay there
  public static RegistryClient withRanges(
      RegistrySettings settings, InstantSource clock, Path pieces, Duration keep)
      throws IOException {
    return new RegistryClient(
        settings, clock, Pause.REAL, Ranges.of(PieceFolders.open(pieces, keep)));
  }

  /// The images that a user of one registry sees.
  ///
  /// @param host the registry's, as in references; nobody else gets the credentials
  public RegistrySource source(String host, Credentials credentials) {
    return new RegistrySource(new Routing(this, host, credentials), ranges, pause);
  }

  /// The place for a user's images on one registry.
  ///
  /// @param again where a blob can be read once more when the way there was cut
  /// @param mounts which other repository of the registry may have a blob
  public RegistryTarget target(
      String host,
      Credentials credentials,
      RegistryTarget.Again again,
      RegistryTarget.Mounts mounts) {
    return new RegistryTarget(new Routing(this, host, credentials), again, mounts, pause);
  }

  /// Tries whether the credentials are right.
  ///
  /// @return a token that stands for them from now on; null if the registry gives none
  /// @throws Fault.Denied if they are wrong
  public @Nullable String login(String host, Credentials credentials) throws IOException {
    // Nothing that is remembered: what was right a minute ago may not be right any more.
    Requests asked = fresh(server(host), credentials);
    String token = asked.authorizer().login();
    try (Exchange answer =
        asked.ask("GET", new RegistryPath.Base().toString(), Map.of(), List.of())) {
      if (answer.status() != 200) {
        throw Refusals.of(answer);
      }
    }
    return token;
  }

  /// Looks for repositories by Docker's old search.
  ///
  /// @param limit at most so many, from 1 to 100
  /// @throws Fault.NotFound if the registry has no search
  public SearchAnswer search(String host, String term, int limit, Credentials credentials)
      throws IOException {
    String target =
        "/v1/search?q=" + URLEncoder.encode(term, StandardCharsets.UTF_8) + "&n=" + limit;
    try (Exchange answer = requests(host, credentials).ask("GET", target, Map.of(), List.of())) {
      if (answer.status() == 404) {
        throw new Fault.NotFound("the registry " + host + " has no search");
      }
      if (answer.status() != 200) {
        throw Refusals.of(answer);
      }
      return SearchAnswer.read(answer.body().readNBytes(MAX_SEARCH));
    }
  }

  /// Which images may be pulled and run; whoever pulls and runs has to ask it.
  public TrustPolicy trust() {
    return settings.trust();
  }

  RegistrySettings settings() {
    return settings;
  }

  /// Asks a registry as a user.
  Requests requests(String host, Credentials credentials) throws IOException {
    return remembered(host, server(host), credentials);
  }

  /// Asks a server as nobody.
  Requests anonymous(URI address) throws IOException {
    String key = Origins.of(address).toString();
    Server server;
    synchronized (this) {
      server = servers.computeIfAbsent(key, _ -> Server.at(origins, address));
    }
    return remembered(key, server, Credentials.NONE);
  }

  private synchronized Server server(String host) {
    return servers.computeIfAbsent(host, _ -> Server.of(origins, host));
  }

  private synchronized Requests remembered(String key, Server server, Credentials credentials) {
    return users.computeIfAbsent(new User(key, credentials), _ -> fresh(server, credentials));
  }

  private Requests fresh(Server server, Credentials credentials) {
    return new Requests(server, new Authorizer(server, credentials, pause, clock), pause);
  }

  @Override
  public void close() {
    origins.close();
  }
}
