package io.djong.daemon.route;

import io.djong.api.AuthAnswer;
import io.djong.api.AuthConfig;
import io.djong.api.DistributionInspect;
import io.djong.api.SearchResult;
import io.djong.api.StreamMessage;
import io.djong.engine.Filters;
import io.djong.engine.Registries;
import io.djong.engine.Registries.RemoteImage;
import io.djong.model.Descriptor;
import io.djong.model.Fault;
import io.djong.model.Platform;
import io.djong.model.Reference;
import io.djong.registry.Credentials;
import io.djong.registry.SearchAnswer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Registries: images pulled, pushed and looked at, users logged in, repositories looked for.
final class RegistryRoutes {
  private static final Set<String> SEARCH_FILTERS = Set.of("is-automated", "is-official", "stars");
  private static final int SEARCH_LIMIT = 25;

  private final Registries registries;

  RegistryRoutes(Registries registries) {
    this.registries = registries;
  }

  void addTo(RouteTable table) {
    table.add("POST", "/images/{name:.*}/push", this::push);
    table.add("GET", "/images/search", this::search);
    table.add("GET", "/distribution/{name:.*}/json", this::inspect);
    table.add("POST", "/auth", this::login);
  }

  /// `POST /images/create` with `fromImage`.
  void pull(Call call, String image) throws IOException, InterruptedException {
    String tag = call.query("tag");
    boolean digest = tag != null && tag.contains(":");
    Reference name = Reference.parse(tag == null ? image : image + (digest ? "@" : ":") + tag);
    String platform = call.query("platform");
    Platform wanted = platform == null ? null : platform(platform);
    Credentials credentials = credentials(call, name);
    ProgressStream progress = new ProgressStream(call.response(), false);
    try (Interruption _ = new Interruption(call)) {
      progress.tell(
          () -> {
            if (tag == null && isBare(image)) {
              registries.pullAll(name.repository(), wanted, credentials, progress);
            } else {
              registries.pull(name, wanted, credentials, progress);
            }
          });
    }
  }

  private static boolean isBare(String image) {
    return image.indexOf('@') < 0 && image.lastIndexOf(':') <= image.lastIndexOf('/');
  }

  private static Platform platform(String text) {
    String[] parts = text.split("/", -1);
    boolean wellFormed = parts.length <= 3;
    for (String part : parts) {
      wellFormed &= !part.isEmpty() && part.chars().allMatch(RegistryRoutes::isWord);
    }
    if (!wellFormed) {
      throw new Fault.Invalid(
          "\"" + text + "\" is an invalid OS/ARCH[/VARIANT] platform specification");
    }
    if (parts.length == 1) {
      Platform here = Platform.current();
      return parts[0].equals("linux")
          ? here
          : new Platform(architecture(parts[0]), "linux", null, null);
    }
    return new Platform(architecture(parts[1]), parts[0], null, parts.length > 2 ? parts[2] : null);
  }

  private static boolean isWord(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '.'
        || c == '-';
  }

  private static String architecture(String name) {
    return switch (name) {
      case "x86_64", "x86-64" -> "amd64";
      case "aarch64" -> "arm64";
      case "i386" -> "386";
      default -> name;
    };
  }

  private void push(Call call) throws IOException, InterruptedException {
    String tag = call.query("tag");
    String image = call.name("name");
    Reference name = Reference.parse(tag == null ? image : image + ":" + tag);
    if (!(name instanceof Reference.Tag one)) {
      throw new Fault.Invalid("cannot push a digest reference");
    }
    Credentials credentials = credentials(call, name);
    List<Reference.Tag> all =
        tag == null && isBare(image) ? registries.tags(name.repository()) : List.of(one);
    ProgressStream progress = new ProgressStream(call.response(), false);
    try (Interruption _ = new Interruption(call)) {
      progress.tell(
          () -> {
            for (Reference.Tag each : all) {
              Descriptor pushed = registries.push(each, credentials, progress);
              Map<String, Object> aux = new LinkedHashMap<>();
              aux.put("Tag", each.tag());
              aux.put("Digest", pushed.digest().toString());
              aux.put("Size", pushed.size());
              progress.send(StreamMessage.aux(aux));
            }
          });
    }
  }

  private void search(Call call) throws IOException {
    String term = call.query("term");
    if (term == null) {
      throw new Fault.Invalid("want term=…");
    }
    int limit = call.number("limit", SEARCH_LIMIT);
    if (limit < 0 || limit > 100) {
      throw new Fault.Invalid("limit " + limit + " is outside the range of [1, 100]");
    }
    Filters filters = call.filters();
    filters.allowOnly(SEARCH_FILTERS);
    int slash = term.indexOf('/');
    String host = slash < 0 ? Reference.DEFAULT_HOST : term.substring(0, slash);
    Credentials credentials = RegistryAuth.read(call.request().header("X-Registry-Auth"), host);
    call.answer(
        registries.search(term, limit == 0 ? SEARCH_LIMIT : limit, credentials).stream()
            .filter(result -> fits(result, filters))
            .map(
                result ->
                    new SearchResult(
                        result.stars(),
                        result.official(),
                        result.name(),
                        result.automated(),
                        result.description()))
            .toList());
  }

  private static boolean fits(SearchAnswer.Result result, Filters filters) {
    return truth(filters, "is-official", result.official())
        && truth(filters, "is-automated", result.automated())
        && filters.values().getOrDefault("stars", List.of()).stream()
            .allMatch(stars -> result.stars() >= number(stars));
  }

  private static boolean truth(Filters filters, String name, boolean is) {
    return filters.values().getOrDefault(name, List.of()).stream()
        .allMatch(wanted -> is == (wanted.equals("true") || wanted.equals("1")));
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid filter 'stars=" + text + "'", e);
    }
  }

  private void inspect(Call call) throws IOException {
    Reference name = Reference.parse(call.name("name"));
    RemoteImage image = registries.inspect(name, credentials(call, name));
    Descriptor found = image.descriptor();
    call.answer(
        new DistributionInspect(
            new DistributionInspect.Content(
                found.mediaType(), found.digest().toString(), found.size()),
            image.platforms().stream()
                .map(
                    each ->
                        new DistributionInspect.Target(
                            each.architecture(), each.os(), each.osVersion(), each.variant()))
                .toList()));
  }

  private void login(Call call) throws IOException {
    AuthConfig config;
    try {
      config = call.json(AuthConfig.class);
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid("invalid JSON for a login"); // Its words might quote the password.
    }
    String server = config.serveraddress() == null ? "" : config.serveraddress();
    String host = RegistryAuth.host(server);
    try {
      String token = registries.login(host, RegistryAuth.credentials(config));
      call.answer(new AuthAnswer("Login Succeeded", token == null ? "" : token));
    } catch (Fault.Denied e) {
      Failures.send(
          call.response(), 401, "login attempt to " + host + " failed: " + e.getMessage());
    }
  }

  private static Credentials credentials(Call call, Reference name) {
    return RegistryAuth.read(call.request().header("X-Registry-Auth"), name.repository().host());
  }

  /// Ends the work of the thread that made it once its client is gone, as long as it is open.
  private static final class Interruption implements AutoCloseable {
    private @Nullable Thread worker = Thread.currentThread();

    Interruption(Call call) {
      call.untilGone(this::interrupt);
    }

    private synchronized void interrupt() {
      if (worker != null) {
        worker.interrupt();
      }
    }

    @Override
    public synchronized void close() {
      worker = null;
    }
  }
}
