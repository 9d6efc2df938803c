package io.djong.registry.server;

import io.djong.http.HttpServer;
import io.djong.http.Listen;
import io.djong.registry.RegistrySettings;
import io.djong.registry.client.RegistryClient;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A registry that serves. Safe for use by several threads.
///
/// What it acknowledged is on the disk. It collects garbage and applies retention while it serves.
public final class RegistryServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger("io.djong.registry");

  /// How long an upload may still be gone on with to which nobody writes.
  public static final Duration KEEP_UPLOADS = Duration.ofDays(7);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final HttpServer.Limits HTTP =
      new HttpServer.Limits(
          16 << 10, 64 << 10, Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMinutes(1));

  private final HttpServer server;
  private final Repositories repositories;
  private final ServerSettings settings;
  private final Metrics metrics;
  private final Events events;
  private final Access access;
  private final @Nullable RegistryClient client;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread collector;

  private RegistryServer(
      ServerSettings settings,
      Repositories repositories,
      HttpServer server,
      Metrics metrics,
      Events events,
      Access access,
      @Nullable RegistryClient client) {
    this.access = access;
    this.client = client;
    this.settings = settings;
    this.repositories = repositories;
    this.server = server;
    this.metrics = metrics;
    this.events = events;
    this.collector = Thread.ofVirtual().name("collector").start(this::collectEverySoOften);
  }

  /// Listens before it returns. The storage stays the caller's.
  ///
  /// @throws io.djong.model.Fault.Invalid if a file that the settings name is not what it must be
  public static RegistryServer start(ServerSettings settings, RegistryStorage storage)
      throws IOException {
    Repositories repositories = new Repositories(storage, settings.policy);
    Access access = access(settings);
    Metrics metrics = new Metrics();
    Events events = new Events(settings.webhooks);
    URI address = settings.upstream;
    RegistryClient client = address == null ? null : client(address);
    Upstream upstream =
        address == null || client == null
            ? null
            : new Upstream(repositories, client, address.getAuthority(), settings.upstreamUser);
    boolean started = false;
    try {
      HttpServer server =
          HttpServer.start(
              settings.listens,
              new RegistryRoutes(repositories, access, settings.limits, metrics, events, upstream),
              HTTP);
      started = true;
      LOG.log(Level.INFO, () -> "READY on " + server.listening());
      return new RegistryServer(settings, repositories, server, metrics, events, access, client);
    } finally {
      if (!started) {
        events.close();
        access.close();
        if (client != null) {
          client.close();
        }
      }
    }
  }

  private static RegistryClient client(URI upstream) {
    RegistrySettings how = RegistrySettings.DEFAULT;
    List<String> insecure =
        "http".equals(upstream.getScheme()) ? List.of(upstream.getAuthority()) : List.of();
    return new RegistryClient(
        new RegistrySettings(insecure, List.of(), how.certificates(), how.proxies()),
        InstantSource.system());
  }

  private static Access access(ServerSettings settings) throws IOException {
    if (!settings.closed) {
      LOG.log(Level.WARNING, "no users, tokens or rules are set: whoever reaches it may do all");
      return Access.OPEN;
    }
    ServerSettings.TokenSettings token = settings.token;
    Map<String, IssuerKeys> foreign = new LinkedHashMap<>();
    if (token != null) {
      for (Map.Entry<String, ServerSettings.Foreign> each : token.foreign().entrySet()) {
        ServerSettings.Foreign place = each.getValue();
        foreign.put(
            each.getKey(),
            IssuerKeys.at(place.jwks(), place.authorities(), InstantSource.system()));
      }
    }
    return new Access(
        settings.htpasswd == null ? null : new Htpasswd(settings.htpasswd),
        token == null
            ? null
            : new Tokens(
                token.issuer(), token.service(), settings.root.resolve("token-key.json"), foreign),
        token == null ? null : token.realm(),
        settings.rules,
        true);
  }

  /// Where it listens.
  public List<Listen> listening() {
    return server.listening();
  }

  private void collectEverySoOften() {
    try {
      while (!closed.await(settings.collectEvery.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          collect(settings.grace);
        } catch (IOException e) {
          LOG.log(Level.WARNING, "collecting garbage", e);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /// Applies retention and collects garbage now.
  ///
  /// @return what was taken away, in words
  public synchronized String collect(Duration grace) throws IOException {
    Instant now = Instant.now();
    long tags = 0;
    for (String flat : repositories.all(Keys.REPOSITORIES)) {
      String repository = Keys.repository(flat);
      for (Retention retention : settings.retention) {
        if (retention.isFor(repository)) {
          tags += retention.apply(repositories, settings.policy, repository, now).size();
          break;
        }
      }
    }
    Collection collection = new Collection(repositories, grace, now);
    Collection.Taken taken = collection.run();
    collection.uploads(now.minus(KEEP_UPLOADS));
    metrics.collected(taken.blobs());
    String words =
        "collected "
            + taken.blobs()
            + " blobs of "
            + taken.bytes()
            + " bytes, "
            + taken.links()
            + " links, "
            + tags
            + " tags";
    LOG.log(Level.INFO, words);
    return words;
  }

  /// Ends the service; running answers get ten seconds. Idempotent.
  @Override
  public void close() {
    closed.countDown();
    server.stop(PATIENCE);
    events.close();
    access.close();
    collector.interrupt();
    if (client != null) {
      client.close();
    }
  }
}
