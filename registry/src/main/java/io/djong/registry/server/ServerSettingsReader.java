package io.djong.registry.server;

import io.djong.http.Listen;
import io.djong.http.TlsFiles;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import io.djong.registry.Credentials;
import io.djong.registry.RegistrySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads how a registry shall serve: from the command line, and from a JSON file where one is
/// named. A key that is not known is an error. For one thread.
public final class ServerSettingsReader {
  public static final String USAGE =
      """
      Usage: djong registry serve --root DIR [--listen ADDRESS:PORT] [--config FILE]
             djong registry scrub --root DIR [--config FILE]
             djong registry sync FILE

      Serves images and artifacts (OCI distribution specification 1.1), in the foreground; compares
      all that is kept with its names; copies repositories between registries.

        --root DIR             where everything is kept
        --listen ADDRESS:PORT  where to listen (default 127.0.0.1:5000)
        --proxy URL            serve what that registry has, and keep what was asked for
        --config FILE          settings as JSON: see docs/registry.md
      """;

  private static final int MAX_FILE = 1 << 20;
  private static final Duration LEAST_SHARED_GRACE = Duration.ofHours(1);

  private @Nullable Path root;
  private @Nullable String listen;
  private @Nullable String proxy;
  private final Tree file = new Tree("");

  private ServerSettingsReader() {}

  /// @throws Fault.Invalid if a flag or key is unknown, or a value makes no sense
  public static ServerSettings read(List<String> arguments) throws IOException {
    ServerSettingsReader reader = new ServerSettingsReader();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String flag = equals < 0 ? argument : argument.substring(0, equals);
      if (equals < 0 && ++i == arguments.size()) {
        throw new Fault.Invalid("unknown flag, or one that needs a value: " + flag);
      }
      String value = equals < 0 ? arguments.get(i) : argument.substring(equals + 1);
      switch (flag) {
        case "--root" -> reader.root = Path.of(value).toAbsolutePath().normalize();
        case "--listen" -> reader.listen = value;
        case "--proxy" -> reader.proxy = value;
        case "--config" -> reader.file.readFile(Path.of(value));
        default -> throw new Fault.Invalid("unknown flag: " + flag);
      }
    }
    return reader.settings();
  }

  private ServerSettings settings() throws IOException {
    Path told = file.path("root");
    Path folder = root == null ? told : root;
    if (folder == null) {
      throw new Fault.Invalid("--root is missing: name the folder that everything is kept in");
    }
    Tree tls = file.tree("tls");
    boolean tokens = file.has("token"); // Asked before what is in it is read away.
    Tree token = file.tree("token");
    Path htpasswd = file.path("htpasswd");
    List<Rule> rules = rules();
    boolean clientsCertified = tls.has("client-authorities");
    ServerSettings settings =
        new ServerSettings(
            folder.toAbsolutePath().normalize(),
            List.of(listen(tls)),
            htpasswd,
            tokens ? token(token) : null,
            rules,
            htpasswd != null || tokens || clientsCertified || rules != null,
            new Policy(file.texts("immutable-tags"), quotas()),
            retention(),
            limits(),
            webhooks(),
            file.duration("gc-grace", Duration.ofHours(24)),
            file.duration("gc-every", Duration.ofHours(6)),
            upstream(),
            upstreamUser(),
            bucket());
    tls.finish();
    token.finish();
    file.finish();
    if (settings.bucket != null && settings.grace.compareTo(LEAST_SHARED_GRACE) < 0) {
      throw new Fault.Invalid(
          "gc-grace: want 1h or more with s3: other servers' pushes are known by their age alone");
    }
    return settings;
  }

  private Listen listen(Tree tls) {
    String told = file.text("listen", "127.0.0.1:5000");
    String text = listen == null ? told : listen;
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, colon).replace("[", "").replace("]", "");
      InetSocketAddress address =
          new InetSocketAddress(
              InetAddress.getByName(host.isEmpty() ? "0.0.0.0" : host),
              Integer.parseInt(text.substring(colon + 1)));
      if (tls.isEmpty()) {
        return new Listen.Tcp(address);
      }
      Path certificate = tls.path("certificate");
      Path key = tls.path("key");
      if (certificate == null || key == null) {
        throw new Fault.Invalid("tls: want certificate and key");
      }
      return new Listen.Tls(
          address, new TlsFiles(certificate, key, tls.path("client-authorities")));
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new Fault.Invalid("invalid address \"" + text + "\": want ADDRESS:PORT", e);
    }
  }

  private @Nullable URI upstream() {
    String told = file.text("proxy", "");
    String text = proxy == null ? told : proxy;
    return text.isEmpty() ? null : RegistrySettings.mirror(text);
  }

  private @Nullable BucketSettings bucket() throws IOException {
    if (!file.has("s3")) {
      return null;
    }
    Tree tree = file.tree("s3");
    String endpoint = tree.text("endpoint", "");
    String prefix = tree.text("prefix", "");
    Path secret = tree.path("secret-key-file");
    String key = tree.text("access-key", "");
    BucketSettings bucket =
        new BucketSettings(
            endpoint.isEmpty() ? null : URI.create(endpoint),
            tree.text("region", "us-east-1"),
            tree.text("bucket", ""),
            tree.truth("path-style"),
            prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/",
            key.isEmpty() ? null : key,
            secret == null ? null : Files.readString(secret).strip());
    tree.finish();
    if (bucket.bucket().isEmpty() || key.isEmpty() != (secret == null)) {
      throw new Fault.Invalid("s3: want bucket, and access-key with secret-key-file or neither");
    }
    return bucket;
  }

  /// Who a mirror is to its upstream.
  private Credentials upstreamUser() throws IOException {
    String user = file.text("proxy-user", "");
    Path password = file.path("proxy-password-file");
    if (user.isEmpty() != (password == null)) {
      throw new Fault.Invalid("want both proxy-user and proxy-password-file, or neither");
    }
    return password == null
        ? Credentials.NONE
        : new Credentials.Password(user, Files.readString(password).strip());
  }

  private static ServerSettings.TokenSettings token(Tree token) {
    Map<String, ServerSettings.Foreign> foreign = new LinkedHashMap<>();
    for (Tree each : token.trees("trusted")) {
      String keys = each.text("jwks", "");
      String issuer = each.text("issuer", "");
      if (keys.isEmpty() || issuer.isEmpty()) {
        throw new Fault.Invalid("token.trusted: want issuer and jwks");
      }
      foreign.put(issuer, new ServerSettings.Foreign(keys, each.path("authorities")));
      each.finish();
    }
    String realm = token.text("realm", "");
    return new ServerSettings.TokenSettings(
        token.text("issuer", "djong"),
        token.text("service", "djong-registry"),
        realm.isEmpty() ? null : realm,
        foreign);
  }

  private @Nullable List<Rule> rules() {
    boolean anonymousPull = file.truth("anonymous-pull");
    if (!file.has("rules") && !anonymousPull) {
      return null;
    }
    List<Rule> rules = new ArrayList<>();
    if (anonymousPull) {
      rules.add(new Rule(List.of(Rule.ANONYMOUS), List.of("*"), Set.of(Action.PULL)));
    }
    if (!file.has("rules")) {
      rules.add(new Rule(List.of("*"), List.of("*"), Set.of(Action.values())));
    }
    for (Tree each : file.trees("rules")) {
      Set<Action> actions = new TreeSet<>();
      for (String word : each.texts("actions")) {
        switch (word) {
          case "pull" -> actions.add(Action.PULL);
          case "push" -> actions.add(Action.PUSH);
          case "delete" -> actions.add(Action.DELETE);
          case "*" -> actions.addAll(List.of(Action.values()));
          default -> throw new Fault.Invalid("rules: want pull, push, delete or *, found " + word);
        }
      }
      rules.add(new Rule(each.texts("users"), each.texts("repositories"), actions));
      each.finish();
    }
    return rules;
  }

  private Map<String, Long> quotas() {
    Map<String, Long> quotas = new LinkedHashMap<>();
    for (Tree each : file.trees("quotas")) {
      quotas.put(each.text("repositories", "*"), each.number("bytes", 0));
      each.finish();
    }
    return quotas;
  }

  private List<Retention> retention() {
    List<Retention> all = new ArrayList<>();
    for (Tree each : file.trees("retention")) {
      Duration younger = each.duration("keep-newer-than", Duration.ZERO);
      all.add(
          new Retention(
              each.texts("repositories"),
              (int) each.number("keep-newest", 0),
              younger.isZero() ? null : younger,
              each.texts("keep-matching")));
      each.finish();
    }
    return all;
  }

  private Limits limits() {
    Tree tree = file.tree("limits");
    Limits limits =
        new Limits(
            (int) tree.number("requests-running", Limits.DEFAULT.running()),
            tree.number("requests-per-second", 0),
            tree.number("blob-bytes", Limits.DEFAULT.blob()));
    tree.finish();
    return limits;
  }

  private List<Webhook.Target> webhooks() {
    List<Webhook.Target> all = new ArrayList<>();
    for (Tree each : file.trees("webhooks")) {
      String url = each.text("url", "");
      try {
        URI uri = new URI(url);
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
          throw new Fault.Invalid("webhooks: want url as http[s]://HOST[:PORT]/PATH, found " + url);
        }
        all.add(new Webhook.Target(uri, each.map("headers"), each.path("authorities")));
      } catch (URISyntaxException e) {
        throw new Fault.Invalid("webhooks: invalid url " + url, e);
      }
      each.finish();
    }
    return all;
  }

  static Duration duration(String subject, String text) {
    int end = text.length() - 1;
    try {
      long number = Long.parseLong(text.substring(0, end));
      return switch (text.charAt(end)) {
        case 's' -> Duration.ofSeconds(number);
        case 'm' -> Duration.ofMinutes(number);
        case 'h' -> Duration.ofHours(number);
        case 'd' -> Duration.ofDays(number);
        default -> throw new NumberFormatException(text);
      };
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new Fault.Invalid(subject + ": want a time such as 30m, 24h or 7d, found " + text, e);
    }
  }

  /// An object of the file. What nobody asked for is an unknown key.
  static final class Tree {
    private final String place;
    private final Map<String, Object> left = new LinkedHashMap<>();

    Tree(String place) {
      this.place = place;
    }

    void readFile(Path path) throws IOException {
      if (Files.size(path) > MAX_FILE) {
        throw new Fault.Invalid(path + " is larger than 1 MiB");
      }
      if (!(Json.full().readTree(Files.readAllBytes(path)) instanceof Map<?, ?> all)) {
        throw new Fault.Invalid(path + ": want a JSON object");
      }
      fill(all);
    }

    private void fill(Map<?, ?> all) {
      for (Map.Entry<?, ?> each : all.entrySet()) {
        Object value = each.getValue();
        if (value != null) {
          left.put(String.valueOf(each.getKey()), value);
        }
      }
    }

    boolean isEmpty() {
      return left.isEmpty();
    }

    boolean has(String key) {
      return left.containsKey(key);
    }

    String text(String key, String otherwise) {
      Object value = left.remove(key);
      if (value == null) {
        return otherwise;
      }
      if (value instanceof String text) {
        return text;
      }
      throw wrong(key, "a text");
    }

    @Nullable Path path(String key) {
      String text = text(key, "");
      return text.isEmpty() ? null : Path.of(text);
    }

    boolean truth(String key) {
      Object value = left.remove(key);
      if (value == null || value instanceof Boolean) {
        return Boolean.TRUE.equals(value);
      }
      throw wrong(key, "true or false");
    }

    long number(String key, long otherwise) {
      Object value = left.remove(key);
      if (value == null) {
        return otherwise;
      }
      if (value instanceof Number number && number.longValue() >= 0) {
        return number.longValue();
      }
      throw wrong(key, "a number, 0 or more");
    }

    Duration duration(String key, Duration otherwise) {
      String text = text(key, "");
      return text.isEmpty() ? otherwise : ServerSettingsReader.duration(place + key, text);
    }

    List<String> texts(String key) {
      Object value = left.remove(key);
      if (value == null) {
        return List.of();
      }
      if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
        return list.stream().map(String::valueOf).toList();
      }
      throw wrong(key, "a list of texts");
    }

    Map<String, String> map(String key) {
      Tree tree = tree(key);
      Map<String, String> map = new LinkedHashMap<>();
      for (String name : List.copyOf(tree.left.keySet())) {
        map.put(name, tree.text(name, ""));
      }
      return map;
    }

    Tree tree(String key) {
      Tree tree = new Tree(place + key + ".");
      Object value = left.remove(key);
      if (value instanceof Map<?, ?> all) {
        tree.fill(all);
      } else if (value != null) {
        throw wrong(key, "an object");
      }
      return tree;
    }

    List<Tree> trees(String key) {
      Object value = left.remove(key);
      if (value == null) {
        return List.of();
      }
      if (!(value instanceof List<?> list)) {
        throw wrong(key, "a list of objects");
      }
      List<Tree> trees = new ArrayList<>();
      for (Object each : list) {
        if (!(each instanceof Map<?, ?> all)) {
          throw wrong(key, "a list of objects");
        }
        Tree tree = new Tree(place + key + ".");
        tree.fill(all);
        trees.add(tree);
      }
      return trees;
    }

    void finish() {
      for (String key : left.keySet()) {
        throw new Fault.Invalid("unknown key in the configuration: " + place + key);
      }
    }

    private Fault.Invalid wrong(String key, String want) {
      return new Fault.Invalid("configuration, " + place + key + ": want " + want);
    }
  }
}
