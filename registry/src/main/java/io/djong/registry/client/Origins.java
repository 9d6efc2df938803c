package io.djong.registry.client;

import io.djong.http.HttpClient;
import io.djong.http.Transport;
import io.djong.http.Trust;
import io.djong.model.Fault;
import io.djong.registry.RegistrySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The servers that registries send us to, each with a client of its own: certificates and proxies
/// are a host's. Safe for use by several threads.
final class Origins implements AutoCloseable {
  private final RegistrySettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, HttpClient> clients = new HashMap<>();
  private @Nullable Trust system;

  Origins(RegistrySettings settings) {
    this.settings = settings;
  }

  /// The scheme, host and port of an address, and nothing else of it.
  static URI of(URI address) {
    try {
      return new URI(
          lower(address.getScheme()),
          null,
          lower(address.getHost()),
          port(address),
          null,
          null,
          null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no origin: " + address, e);
    }
  }

  static URI of(String scheme, String host) {
    try {
      URI uri = new URI(scheme + "://" + host);
      if (uri.getHost() != null && uri.getUserInfo() == null) {
        return of(uri);
      }
    } catch (URISyntaxException e) {
      // As below.
    }
    throw new Fault.Invalid("invalid registry host \"" + host + "\"");
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }

  private static int port(URI address) {
    int port = address.getPort();
    boolean usual = port == ("https".equalsIgnoreCase(address.getScheme()) ? 443 : 80);
    return usual ? -1 : port;
  }

  /// The client for an origin.
  HttpClient client(URI origin) throws IOException {
    String key = origin.toString();
    lock.lock();
    try {
      HttpClient client = clients.get(key);
      if (client == null) {
        client = HttpClient.of(origin, transport(origin));
        clients.put(key, client);
      }
      return client;
    } finally {
      lock.unlock();
    }
  }

  private Transport transport(URI origin) throws IOException {
    Transport transport = Transport.DEFAULT.through(settings.proxies().of(origin));
    return "https".equals(origin.getScheme()) ? transport.with(trust(origin)) : transport;
  }

  private Trust trust(URI origin) throws IOException {
    String host = origin.getAuthority();
    List<Path> authorities = new ArrayList<>();
    Trust.Identity identity = null;
    for (Path folder : settings.certificates()) {
      Path own = folder.resolve(host);
      if (own.normalize().startsWith(folder.normalize()) && Files.isDirectory(own)) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(own)) {
          for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".crt")) {
              authorities.add(file);
            } else if (name.endsWith(".cert")) {
              identity =
                  new Trust.Identity(
                      file, file.resolveSibling(name.substring(0, name.length() - 5) + ".key"));
            }
          }
        }
      }
    }
    if (isInsecure(host)) {
      return Trust.anybody(identity);
    }
    if (!authorities.isEmpty() || identity != null) {
      return Trust.of(authorities, identity);
    }
    if (system == null) {
      system = Trust.of(List.of(), null);
    }
    return system;
  }

  /// Whether a host's registry may be plain HTTP, or anybody.
  boolean isInsecure(String host) {
    InetAddress address = literal(host);
    if (bare(host).equals("localhost") || (address != null && address.isLoopbackAddress())) {
      return true;
    }
    for (RegistrySettings.Rule rule : settings.rules()) {
      if (rule.insecure() && (rule.prefix().equals(host) || rule.prefix().startsWith(host + "/"))) {
        return true;
      }
    }
    for (String each : settings.insecure()) {
      if (each.equalsIgnoreCase(host) || (address != null && contains(each, address))) {
        return true;
      }
    }
    return false;
  }

  /// Whether it is this machine, by its name or an address that is written as one.
  static boolean isLoopback(String host) {
    InetAddress address = literal(host);
    return bare(host).equals("localhost") || (address != null && address.isLoopbackAddress());
  }

  /// Whether it is an address that only this machine or its link knows.
  static boolean isOfThisLink(String host) {
    InetAddress address = literal(host);
    return isLoopback(host)
        || (address != null && (address.isLinkLocalAddress() || address.isAnyLocalAddress()));
  }

  private static boolean contains(String network, InetAddress address) {
    int slash = network.indexOf('/');
    if (slash < 0) {
      return false;
    }
    InetAddress base = literal(network.substring(0, slash));
    String prefix = network.substring(slash + 1);
    if (base == null
        || base.getAddress().length != address.getAddress().length
        || !prefix.matches("[0-9]{1,3}")) {
      return false;
    }
    byte[] one = base.getAddress();
    byte[] other = address.getAddress();
    for (int i = 0; i < Math.min(Integer.parseInt(prefix), one.length * 8); i++) {
      int mask = 0x80 >> (i % 8);
      if ((one[i / 8] & mask) != (other[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable InetAddress literal(String host) {
    String bare = bare(host);
    boolean address =
        bare.indexOf(':') >= 0
            || (!bare.isEmpty() && bare.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.'));
    try {
      return address ? InetAddress.ofLiteral(bare) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /// Without the port and the brackets.
  private static String bare(String host) {
    if (host.startsWith("[")) {
      int close = host.indexOf(']');
      return close < 0 ? host : host.substring(1, close);
    }
    int colon = host.lastIndexOf(':');
    return colon < 0 || host.indexOf(':') != colon ? host : host.substring(0, colon);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      clients.values().forEach(HttpClient::close);
      clients.clear();
    } finally {
      lock.unlock();
    }
  }
}
