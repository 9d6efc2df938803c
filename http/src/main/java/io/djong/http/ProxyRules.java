package io.djong.http;

import io.djong.model.Fault;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which proxy a server is reached through, by the environment's `HTTPS_PROXY`, `HTTP_PROXY` and
/// `NO_PROXY`, in either case, as Go's programs read them. This machine itself is never reached
/// through one. Immutable.
public final class ProxyRules {
  /// No proxies.
  public static final ProxyRules NONE = new ProxyRules(null, null, List.of());

  private final Transport.@Nullable Proxy plain;
  private final Transport.@Nullable Proxy secure;
  private final List<String> without;

  private ProxyRules(
      Transport.@Nullable Proxy plain, Transport.@Nullable Proxy secure, List<String> without) {
    this.plain = plain;
    this.secure = secure;
    this.without = without;
  }

  /// @throws Fault.Invalid if a proxy is no `http://HOST:PORT`
  public static ProxyRules of(Map<String, String> environment) {
    List<String> without = new ArrayList<>();
    for (String each : value(environment, "no_proxy").split(",", -1)) {
      if (!each.isBlank()) {
        without.add(each.strip().toLowerCase(Locale.ROOT));
      }
    }
    Transport.Proxy plain = proxy("HTTP_PROXY", value(environment, "http_proxy"));
    Transport.Proxy secure = proxy("HTTPS_PROXY", value(environment, "https_proxy"));
    return plain == null && secure == null
        ? NONE
        : new ProxyRules(plain, secure, List.copyOf(without));
  }

  /// The proxy for a server; null for none.
  public Transport.@Nullable Proxy of(URI server) {
    String host = server.getHost();
    if (host == null) {
      return null;
    }
    boolean tls = "https".equals(server.getScheme());
    Transport.Proxy proxy = tls ? secure : plain;
    int port = server.getPort() < 0 ? tls ? 443 : 80 : server.getPort();
    return proxy == null || isDirect(bare(host), port) ? null : proxy;
  }

  private boolean isDirect(String host, int port) {
    InetAddress address = literal(host);
    if (host.equals("localhost") || (address != null && address.isLoopbackAddress())) {
      return true;
    }
    for (String rule : without) {
      if (rule.equals("*") || fits(rule, host, address, port)) {
        return true;
      }
    }
    return false;
  }

  private static boolean fits(String rule, String host, @Nullable InetAddress address, int port) {
    int slash = rule.indexOf('/');
    if (slash > 0) {
      return address != null
          && contains(rule.substring(0, slash), rule.substring(slash + 1), address);
    }
    String name = rule;
    int colon = rule.lastIndexOf(':');
    if (colon >= 0 && colon == rule.indexOf(':')) {
      if (!rule.substring(colon + 1).equals(Integer.toString(port))) {
        return false;
      }
      name = rule.substring(0, colon);
    }
    if (address != null) {
      InetAddress same = literal(bare(name));
      return address.equals(same);
    }
    if (name.startsWith("*.")) {
      name = name.substring(1);
    }
    return name.startsWith(".")
        ? host.endsWith(name)
        : host.equals(name) || host.endsWith("." + name);
  }

  private static boolean contains(String network, String prefix, InetAddress address) {
    InetAddress base = literal(network);
    if (base == null
        || base.getAddress().length != address.getAddress().length
        || prefix.isEmpty()
        || prefix.length() > 3
        || !prefix.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return false;
    }
    byte[] one = base.getAddress();
    byte[] other = address.getAddress();
    int bits = Integer.parseInt(prefix);
    for (int i = 0; i < Math.min(bits, one.length * 8); i++) {
      int mask = 0x80 >> (i % 8);
      if ((one[i / 8] & mask) != (other[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /// An address that is written as one; names are not looked up.
  private static @Nullable InetAddress literal(String text) {
    boolean address =
        text.indexOf(':') >= 0
            || (!text.isEmpty() && text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.'));
    try {
      return address ? InetAddress.ofLiteral(text) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String bare(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.startsWith("[") ? lower.substring(1, lower.length() - 1) : lower;
  }

  private static String value(Map<String, String> environment, String lower) {
    String value = environment.get(lower.toUpperCase(Locale.ROOT));
    if (value == null || value.isEmpty()) {
      value = environment.get(lower);
    }
    return value == null ? "" : value;
  }

  private static Transport.@Nullable Proxy proxy(String name, String text) {
    if (text.isEmpty()) {
      return null;
    }
    // The text may hold a password, so it is not in what we say of it.
    Fault.Invalid refused = new Fault.Invalid(name + " is no http://HOST:PORT");
    URI uri;
    try {
      uri = new URI(text.contains("://") ? text : "http://" + text);
    } catch (URISyntaxException e) {
      throw refused;
    }
    String host = uri.getHost();
    if (host == null || !"http".equals(uri.getScheme())) {
      throw refused;
    }
    String user = uri.getRawUserInfo();
    String authorization =
        user == null
            ? null
            : "Basic "
                + Base64.getEncoder()
                    .encodeToString(
                        URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8)
                            .getBytes(StandardCharsets.UTF_8));
    return new Transport.Proxy(bare(host), uri.getPort() < 0 ? 80 : uri.getPort(), authorization);
  }
}
