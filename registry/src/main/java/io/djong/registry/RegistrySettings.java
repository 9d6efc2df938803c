package io.djong.registry;

import io.djong.http.ProxyRules;
import io.djong.model.Fault;
import io.djong.registry.sign.TrustPolicy;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How registries are reached. Immutable.
///
/// @param insecure hosts, with ports where they have one, and networks (`10.0.0.0/8`) whose
///   registries may speak plain HTTP or show any certificate; this machine's always may
/// @param rules what holds for single registries; the longest prefix decides
/// @param certificates folders with one folder a host: `*.crt` are authorities, `NAME.cert` with
///   `NAME.key` is who we are there
/// @param trust which images may be pulled and run
public record RegistrySettings(
    List<String> insecure,
    List<Rule> rules,
    List<Path> certificates,
    ProxyRules proxies,
    TrustPolicy trust) {
  public static final RegistrySettings DEFAULT =
      new RegistrySettings(
          List.of(),
          List.of(),
          List.of(Path.of("/etc/djong/certs.d"), Path.of("/etc/docker/certs.d")),
          ProxyRules.NONE);

  /// With trust in everything.
  public RegistrySettings(
      List<String> insecure, List<Rule> rules, List<Path> certificates, ProxyRules proxies) {
    this(insecure, rules, certificates, proxies, TrustPolicy.ACCEPT);
  }

  public RegistrySettings {
    insecure = List.copyOf(insecure);
    rules = List.copyOf(rules);
    certificates = List.copyOf(certificates);
  }

  /// What holds for the repositories below a prefix: a host, or a host and the beginning of a path.
  ///
  /// @param mirrors asked before the registry itself, in this order; a path is put before the name
  ///   of the repository
  /// @param location a host, or host and path, that is meant in place of the prefix; null for
  ///   itself
  /// @param blocked nothing of it may be pulled or pushed
  public record Rule(
      String prefix,
      List<URI> mirrors,
      @Nullable String location,
      boolean blocked,
      boolean insecure) {
    public Rule {
      mirrors = List.copyOf(mirrors);
    }

    /// Whether a repository, given as `host/path`, is below the prefix.
    public boolean covers(String repository) {
      return repository.startsWith(prefix)
          && (repository.length() == prefix.length() || repository.charAt(prefix.length()) == '/');
    }
  }

  /// Reads the address of a mirror.
  ///
  /// @throws Fault.Invalid if it is not `http[s]://HOST[:PORT][/PATH]`, or holds a password
  public static URI mirror(String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme();
      if (uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null
          && ("http".equals(scheme) || "https".equals(scheme))) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Not even an address: as below.
    }
    throw new Fault.Invalid(
        "invalid mirror: want http://HOST[:PORT][/PATH] or https://…, without user and password");
  }
}
