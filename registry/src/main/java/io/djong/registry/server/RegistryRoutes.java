package io.djong.registry.server;

import io.djong.http.HttpHandler;
import io.djong.http.HttpRequest;
import io.djong.http.HttpResponse;
import io.djong.model.Fault;
import io.djong.registry.ErrorBody;
import io.djong.registry.RegistryError;
import io.djong.registry.RegistryFault;
import io.djong.registry.RegistryPath;
import io.djong.registry.Scope;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers every request to a registry, in the protocol's words also when it refuses.
final class RegistryRoutes implements HttpHandler {
  private static final Logger LOG = System.getLogger("io.djong.registry");
  private static final Logger AUDIT = System.getLogger("io.djong.registry.audit");

  private final Access access;
  private final boolean mirror;
  private final int maxRunning;
  private final RateLimit rate;
  private final Metrics metrics;
  private final BlobRoutes blobs;
  private final UploadRoutes uploads;
  private final ManifestRoutes manifests;
  private final ListRoutes lists;

  RegistryRoutes(
      Repositories repositories,
      Access access,
      Limits limits,
      Metrics metrics,
      Events events,
      @Nullable Upstream upstream) {
    this.mirror = upstream != null;
    this.access = access;
    this.maxRunning = limits.running();
    this.rate = new RateLimit(limits.requestsPerSecond());
    this.metrics = metrics;
    this.blobs = new BlobRoutes(repositories, upstream);
    this.uploads =
        new UploadRoutes(repositories, new Uploads(repositories.storage()), limits.blob());
    this.manifests = new ManifestRoutes(repositories, events, upstream);
    this.lists = new ListRoutes(repositories);
  }

  @Override
  public void handle(HttpRequest request, HttpResponse plain)
      throws IOException, InterruptedException {
    CountedResponse response = new CountedResponse(plain);
    long begun = System.nanoTime();
    int running = metrics.begun();
    String kind = "other";
    Caller caller = Caller.ANONYMOUS;
    try {
      response.header("Docker-Distribution-Api-Version", "registry/2.0");
      response.header("X-Content-Type-Options", "nosniff");
      RegistryPath path = RegistryPath.parse(request.rawPath());
      kind = kind(request, path);
      if (kind.equals("health")) {
        response.header("Content-Type", "application/json").send("{}".getBytes(UTF_8));
        return;
      }
      if (running > maxRunning || !rate.admits(address(request), begun)) {
        response.header("Retry-After", "1");
        throw new RegistryFault(
            RegistryError.TOOMANYREQUESTS, RegistryError.TOOMANYREQUESTS.message());
      }
      caller = access.caller(request);
      if (mirror && !request.method().equals("GET") && !request.method().equals("HEAD")) {
        throw new RegistryFault(
            RegistryError.UNSUPPORTED, "this registry is a mirror: push to the one it mirrors");
      }
      answer(new Call(request, response, caller, access), path, kind);
    } catch (RegistryFault e) {
      refuse(response, e.error().status(), e.body());
    } catch (RefusedBody e) {
      refuse(response, 413, e.body());
    } catch (Access.Unproven e) {
      response.header("WWW-Authenticate", access.challenge(e, base(request)));
      refuse(
          response, 401, ErrorBody.of(RegistryError.UNAUTHORIZED, "authentication required", null));
    } catch (Fault e) {
      RegistryFault fault = fault(e);
      refuse(response, fault.error().status(), fault.body());
    } finally {
      metrics.ended(
          kind,
          request.method(),
          response.status(),
          System.nanoTime() - begun,
          request.method().equals("HEAD") ? 0 : response.bytes());
      audit(request, response, caller);
    }
  }

  private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;

  private void answer(Call call, @Nullable RegistryPath path, String kind)
      throws IOException, InterruptedException {
    switch (path) {
      case RegistryPath.Base base -> base(call);
      case RegistryPath.Catalog catalog -> lists.catalog(named(call, Scope.CATALOG));
      case RegistryPath.Tags tags -> lists.tags(call, tags);
      case RegistryPath.ManifestAt manifest -> manifests.answer(call, manifest);
      case RegistryPath.Blob blob -> blobs.answer(call, blob);
      case RegistryPath.Uploads begin -> uploads.begin(call, begin);
      case RegistryPath.Upload upload -> uploads.goOn(call, upload);
      case RegistryPath.Referrers referrers -> manifests.referrers(call, referrers);
      case null -> elsewhere(call, kind);
    }
  }

  private Call named(Call call, @Nullable Scope scope) {
    access.requireName(call.caller(), scope);
    return call;
  }

  private void base(Call call) throws IOException {
    if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
      throw call.unsupported("GET, HEAD");
    }
    named(call, null).json(Map.of());
  }

  private void elsewhere(Call call, String kind) throws IOException {
    switch (kind) {
      case "search" -> lists.search(call);
      case "metrics" -> call.response().header("Content-Type", Metrics.TYPE).send(metrics.text());
      case "token" -> token(call);
      default -> call.empty(404);
    }
  }

  /// Docker's token authentication specification, Requesting a token.
  private void token(Call call) throws IOException {
    Tokens tokens = access.tokens();
    if (tokens == null) {
      call.empty(404);
      return;
    }
    if (!call.method().equals("GET")) {
      throw call.unsupported("GET");
    }
    List<Scope> asked = new ArrayList<>();
    List<String> scopes = call.request().query().get("scope");
    if (scopes != null) {
      scopes.forEach(each -> asked.addAll(Scope.parseAll(each)));
    }
    // A token makes no further tokens: it would live for ever.
    if (call.caller().granted() != null) {
      throw new Access.Unproven(null, true);
    }
    String token = tokens.issue(call.caller().name(), access.grant(call.caller(), asked));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("token", token);
    answer.put("access_token", token);
    answer.put("expires_in", Tokens.LIFE.toSeconds());
    answer.put("issued_at", Instant.now().toString());
    call.response().header("Cache-Control", "no-store");
    call.json(answer);
  }

  private static String kind(HttpRequest request, @Nullable RegistryPath path) {
    return switch (path) {
      case RegistryPath.Base base -> "base";
      case RegistryPath.Catalog catalog -> "catalog";
      case RegistryPath.Tags tags -> "tags";
      case RegistryPath.ManifestAt manifest -> "manifest";
      case RegistryPath.Blob blob -> "blob";
      case RegistryPath.Uploads begin -> "upload";
      case RegistryPath.Upload upload -> "upload";
      case RegistryPath.Referrers referrers -> "referrers";
      case null ->
          switch (request.rawPath()) {
            case "/v1/search" -> "search";
            case "/metrics" -> "metrics";
            case "/token" -> "token";
            case "/healthz", "/livez", "/readyz" -> "health";
            default -> "other";
          };
    };
  }

  private static RegistryFault fault(Fault fault) {
    return switch (fault) {
      case Fault.Invalid e -> new RegistryFault(RegistryError.MANIFEST_INVALID, e.getMessage());
      case Fault.Denied e -> new RegistryFault(RegistryError.DENIED, e.getMessage());
      case Fault.NotFound e -> new RegistryFault(RegistryError.BLOB_UNKNOWN, e.getMessage());
      case Fault.Conflict e -> new RegistryFault(RegistryError.BLOB_UPLOAD_INVALID, e.getMessage());
      case Fault.Unsupported e -> new RegistryFault(RegistryError.UNSUPPORTED, e.getMessage());
      case Fault.Unavailable e -> new RegistryFault(RegistryError.UNAVAILABLE, e.getMessage());
      case Fault.Failed e -> new RegistryFault(RegistryError.UNKNOWN, e.getMessage());
    };
  }

  private static void refuse(HttpResponse response, int status, ErrorBody body) throws IOException {
    if (response.committed()) {
      throw new IOException("refused after the answer had begun");
    }
    response.status(status).header("Content-Type", "application/json").send(body.bytes());
  }

  /// Changes, and what was refused, with who asked for it.
  private static void audit(HttpRequest request, CountedResponse response, Caller caller) {
    boolean reading = request.method().equals("GET") || request.method().equals("HEAD");
    int status = response.status();
    boolean refused = status == 401 || status == 403 || status == 429;
    if (!AUDIT.isLoggable(Level.INFO) || (reading && !refused)) {
      LOG.log(Level.DEBUG, () -> request.method() + " " + request.rawPath() + " " + status);
      return;
    }
    AUDIT.log(
        Level.INFO,
        () ->
            (caller.anonymous() ? "-" : caller.name())
                + " "
                + request.peer()
                + " "
                + request.method()
                + " "
                + request.rawPath()
                + " "
                + status);
  }

  private static String address(HttpRequest request) {
    String peer = request.peer();
    int port = peer.lastIndexOf(':');
    return port < 0 ? peer : peer.substring(0, port);
  }

  private static String base(HttpRequest request) {
    String host = request.header("Host");
    String scheme = request.isSecure() ? "https://" : "http://";
    return scheme + (host == null ? "localhost" : host);
  }
}
