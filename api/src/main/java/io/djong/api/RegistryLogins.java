package io.djong.api;

import io.djong.model.Exempt;
import io.djong.model.Reference;
import io.djong.model.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who the user is to registries, as Docker's `config.json` keeps it, or the credential helper that
/// it names. What else the file holds stays as it is.
@Exempt(
    from = Exempt.Rule.PROCESSES,
    because = "credential helpers are programs, and they are the user's")
public final class RegistryLogins {
  private static final String HUB = "https://index.docker.io/v1/";

  private final Path file;

  RegistryLogins(Path folder) {
    this.file = folder.resolve("config.json");
  }

  /// Those of the user who runs this.
  public static RegistryLogins ofUser() {
    String folder = System.getenv("DOCKER_CONFIG");
    return new RegistryLogins(
        folder == null || folder.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".docker")
            : Path.of(folder));
  }

  /// The host of a registry as people write it.
  public static String host(String server) {
    int scheme = server.indexOf("://");
    String rest = scheme < 0 ? server : server.substring(scheme + 3);
    int slash = rest.indexOf('/');
    String host = slash < 0 ? rest : rest.substring(0, slash);
    return host.isEmpty() || host.equals("index.docker.io") ? Reference.DEFAULT_HOST : host;
  }

  /// What `X-Registry-Auth` shall say for a registry; null for nothing. A secret.
  public @Nullable String header(String host) throws IOException, InterruptedException {
    AuthConfig config = find(host);
    return config == null ? null : encoded(config);
  }

  /// What `X-Registry-Config` shall say, of all registries that are known; null for nothing. A
  /// secret.
  public @Nullable String allHeader() throws IOException, InterruptedException {
    Map<String, AuthConfig> all = all();
    return all.isEmpty() ? null : encoded(all);
  }

  private static String encoded(Object logins) {
    return Base64.getUrlEncoder().encodeToString(Json.lean().write(logins));
  }

  /// Who the user is to a registry; null for nobody in particular.
  public @Nullable AuthConfig find(String host) throws IOException, InterruptedException {
    Map<String, Object> all = read();
    String helper = helper(all, host);
    if (helper != null) {
      String answer = run(helper, "get", key(host));
      if (answer == null
          || !(Json.lean().readTree(answer.getBytes(StandardCharsets.UTF_8))
              instanceof Map<?, ?> found)) {
        return null;
      }
      String user = text(found.get("Username"));
      String secret = text(found.get("Secret"));
      return user.equals("<token>")
          ? new AuthConfig(null, null, null, null, host, secret, null)
          : new AuthConfig(user, secret, null, null, host, null, null);
    }
    if (all.get("auths") instanceof Map<?, ?> auths) {
      for (Map.Entry<?, ?> each : auths.entrySet()) {
        if (host(text(each.getKey())).equals(host) && each.getValue() instanceof Map<?, ?> entry) {
          return entry(host, entry);
        }
      }
    }
    return null;
  }

  /// Who the user is to each registry that is known, by hosts as the engine reads them. Secrets.
  private Map<String, AuthConfig> all() throws IOException, InterruptedException {
    Map<String, Object> config = read();
    Map<String, AuthConfig> all = new LinkedHashMap<>();
    for (String section : List.of("auths", "credHelpers")) {
      if (config.get(section) instanceof Map<?, ?> known) {
        for (Object key : known.keySet()) {
          String host = host(text(key));
          AuthConfig found = find(host);
          if (found != null) {
            all.put(host, found);
          }
        }
      }
    }
    return all;
  }

  private static @Nullable AuthConfig entry(String host, Map<?, ?> entry) {
    String token = text(entry.get("identitytoken"));
    String pair =
        new String(Base64.getMimeDecoder().decode(text(entry.get("auth"))), StandardCharsets.UTF_8);
    int colon = pair.indexOf(':');
    if (colon < 0) {
      return token.isEmpty() ? null : new AuthConfig(null, null, null, null, host, token, null);
    }
    return new AuthConfig(
        pair.substring(0, colon),
        token.isEmpty() ? pair.substring(colon + 1) : null,
        null,
        null,
        host,
        token.isEmpty() ? null : token,
        null);
  }

  /// Remembers who the user is to a registry.
  public void keep(String host, AuthConfig config) throws IOException, InterruptedException {
    Map<String, Object> all = read();
    String token = text(config.identitytoken());
    String secret = token.isEmpty() ? text(config.password()) : token;
    String helper = helper(all, host);
    Map<String, Object> entry = new LinkedHashMap<>();
    if (helper != null) {
      Map<String, Object> credentials = new LinkedHashMap<>();
      credentials.put("ServerURL", key(host));
      credentials.put("Username", token.isEmpty() ? text(config.username()) : "<token>");
      credentials.put("Secret", secret);
      if (run(helper, "store", Json.full().writeText(credentials)) == null) {
        throw new IOException("the credential helper docker-credential-" + helper + " failed");
      }
    } else {
      String pair = config.username() + ":" + (token.isEmpty() ? secret : "");
      entry.put("auth", Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
      if (!token.isEmpty()) {
        entry.put("identitytoken", token);
      }
    }
    Map<String, Object> auths = auths(all);
    auths.keySet().removeIf(key -> host(key).equals(host));
    auths.put(key(host), entry);
    all.put("auths", auths);
    write(all);
  }

  /// @return false if nothing was known
  public boolean forget(String host) throws IOException, InterruptedException {
    Map<String, Object> all = read();
    String helper = helper(all, host);
    boolean known = helper != null && run(helper, "erase", key(host)) != null;
    Map<String, Object> auths = auths(all);
    if (auths.keySet().removeIf(key -> host(key).equals(host))) {
      all.put("auths", auths);
      write(all);
      known = true;
    }
    return known;
  }

  private static String key(String host) {
    return host.equals(Reference.DEFAULT_HOST) ? HUB : host;
  }

  private static @Nullable String helper(Map<String, Object> all, String host) {
    String own = all.get("credHelpers") instanceof Map<?, ?> helpers ? text(helpers.get(host)) : "";
    String name = own.isEmpty() ? text(all.get("credsStore")) : own;
    // It becomes part of a program's name.
    return name.isEmpty() || name.indexOf('/') >= 0 ? null : name;
  }

  private static Map<String, Object> auths(Map<String, Object> all) {
    Map<String, Object> auths = new LinkedHashMap<>();
    if (all.get("auths") instanceof Map<?, ?> old) {
      old.forEach((key, value) -> auths.put(text(key), value));
    }
    return auths;
  }

  private Map<String, Object> read() throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    if (Files.exists(file)
        && Json.lean().readTree(Files.readAllBytes(file)) instanceof Map<?, ?> old) {
      old.forEach((key, value) -> all.put(text(key), value));
    }
    return all;
  }

  /// For the owner alone, and never half written.
  private void write(Map<String, Object> all) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " has no folder");
    }
    Files.createDirectories(folder);
    Path fresh =
        Files.createTempFile(
            folder,
            "config",
            ".json",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(fresh, Json.full().write(all));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// @return what the helper says; null if it knows nothing
  private static @Nullable String run(String helper, String verb, String input)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker-credential-" + helper, verb));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (OutputStream out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? said : null;
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
