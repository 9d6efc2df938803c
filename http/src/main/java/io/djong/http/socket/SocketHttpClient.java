package io.djong.http.socket;

import io.djong.http.HttpClient;
import io.djong.http.Transport;
import io.djong.http.Trust;
import io.djong.model.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.security.NoSuchAlgorithmException;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/// Sends requests over blocking sockets. On a local socket an idle connection is used again for GET
/// and HEAD alone: when the server just ended it, only these may be asked a second time. On the
/// web, where a new connection is dear, what was used a moment ago is used again for all methods.
public final class SocketHttpClient implements HttpClient {
  private static final long FRESH_NANOS = 4_000_000_000L;

  private final Wire.Dialer dialer;
  private final String host;
  private final boolean web;

  /// What comes before the target of a request: a proxy wants to be told the server.
  private final String prefix;

  private final @Nullable String proxyAuthorization;
  private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  private SocketHttpClient(SocketAddress address, String host) {
    this.dialer = () -> Wire.of(SocketChannel.open(address));
    this.host = host;
    this.web = false;
    this.prefix = "";
    this.proxyAuthorization = null;
  }

  private SocketHttpClient(
      WebDialer dialer, String host, String prefix, @Nullable String proxyAuthorization) {
    this.dialer = dialer;
    this.host = host;
    this.web = true;
    this.prefix = prefix;
    this.proxyAuthorization = proxyAuthorization;
  }

  /// See [HttpClient#of(URI, Transport)].
  public static HttpClient of(URI server, Transport transport) throws IOException {
    String name = server.getHost();
    boolean secure = "https".equals(server.getScheme());
    if (name == null || !(secure || "http".equals(server.getScheme()))) {
      throw new Fault.Invalid("\"" + server + "\" is no address: want http:// or https://");
    }
    int port = server.getPort() < 0 ? secure ? 443 : 80 : server.getPort();
    String bare = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
    String host = server.getPort() < 0 ? name : name + ":" + port;
    Trust trust = transport.trust();
    WebDialer.Tls tls =
        !secure
            ? new WebDialer.Tls(null, false)
            : trust == null
                ? new WebDialer.Tls(defaultContext(), false)
                : new WebDialer.Tls(trust.context(), trust.anyServer());
    Transport.Proxy proxy = secure ? null : transport.proxy();
    return new SocketHttpClient(
        new WebDialer(bare, port, tls, transport),
        host,
        proxy == null ? "" : "http://" + host,
        proxy == null ? null : proxy.authorization());
  }

  private static SSLContext defaultContext() throws IOException {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("setting up TLS", e);
    }
  }

  /// See [HttpClient#of].
  public static HttpClient of(String address) {
    if (address.startsWith("unix://")) {
      return new SocketHttpClient(
          UnixDomainSocketAddress.of(address.substring("unix://".length())), "localhost");
    }
    try {
      URI uri = new URI(address);
      String name = uri.getHost();
      if ("tcp".equals(uri.getScheme()) && name != null && uri.getPort() > 0) {
        return new SocketHttpClient(
            new InetSocketAddress(name, uri.getPort()), name + ":" + uri.getPort());
      }
    } catch (URISyntaxException e) {
      throw new Fault.Invalid(invalid(address), e);
    }
    throw new Fault.Invalid(invalid(address));
  }

  @Override
  public Exchange send(
      String method,
      String target,
      Map<String, String> headers,
      @Nullable InputStream body,
      long length)
      throws IOException {
    BasicClassicHttpRequest request = request(method, target, headers);
    if (body != null) {
      if (length < 0) {
        request.setHeader("Transfer-Encoding", "chunked");
      } else {
        request.setHeader("Content-Length", Long.toString(length));
      }
    } else if (!method.equals("GET") && !method.equals("HEAD")) {
      request.setHeader("Content-Length", "0");
    }
    boolean again = body == null && (method.equals("GET") || method.equals("HEAD"));
    Connection old = again || web ? idle.pollFirst() : null;
    if (old != null && !again) {
      if (old.restedNanos() < FRESH_NANOS) {
        return exchange(old, request, body, length);
      }
      old.close();
    } else if (old != null) {
      try {
        return exchange(old, request, null, 0);
      } catch (IOException ended) {
        // The server may have ended the idle connection: a new one tells whether it is still there.
        old.close();
      }
    }
    return exchange(new Connection(dialer.dial()), request, body, length);
  }

  @Override
  public Upgraded upgrade(
      String method, String target, Map<String, String> headers, byte[] body, String protocol)
      throws IOException {
    BasicClassicHttpRequest request = request(method, target, headers);
    request.setHeader("Connection", "Upgrade");
    request.setHeader("Upgrade", protocol);
    request.setHeader("Content-Length", Integer.toString(body.length));
    Connection connection = new Connection(dialer.dial());
    boolean kept = false;
    try {
      connection.write(request, new ByteArrayInputStream(body), body.length);
      ClassicHttpResponse head = connection.read();
      kept = true;
      if (head.getCode() != 101 && head.getCode() != 200) {
        try (Exchange refusal = new SocketExchange(this, connection, head, false)) {
          throw new UpgradeRefused(head.getCode(), refusal.body().readAllBytes());
        }
      }
      Map<String, String> answered = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (Header header : head.getHeaders()) {
        answered.putIfAbsent(header.getName(), header.getValue());
      }
      return new Upgraded(head.getCode(), answered, new SocketStream(connection));
    } finally {
      if (!kept) {
        connection.close();
      }
    }
  }

  /// Takes back a connection whose answer was read to its end.
  void reuse(Connection connection) throws IOException {
    connection.rest();
    idle.addFirst(connection);
    if (closed) {
      close();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Connection one = idle.pollFirst(); one != null; one = idle.pollFirst()) {
      try {
        one.close();
      } catch (IOException e) {
        System.getLogger("io.djong.http")
            .log(System.Logger.Level.DEBUG, "closing an idle connection", e);
      }
    }
  }

  private Exchange exchange(
      Connection connection,
      BasicClassicHttpRequest request,
      @Nullable InputStream body,
      long length)
      throws IOException {
    boolean kept = false;
    try {
      IOException unsent = null;
      try {
        connection.write(request, body, length);
      } catch (Connection.UnreadableBody e) {
        throw e.reason();
      } catch (IOException e) {
        // A server that refuses a body answers and stops reading: its answer says more.
        unsent = e;
      }
      ClassicHttpResponse head;
      try {
        head = connection.read();
      } catch (IOException e) {
        throw unsent == null ? e : unsent;
      }
      kept = true;
      return new SocketExchange(this, connection, head, request.getMethod().equals("HEAD"));
    } finally {
      if (!kept) {
        connection.close();
      }
    }
  }

  private BasicClassicHttpRequest request(
      String method, String target, Map<String, String> headers) {
    BasicClassicHttpRequest request = new BasicClassicHttpRequest(method, prefix + target);
    request.setHeader("Host", host);
    if (proxyAuthorization != null) {
      request.setHeader("Proxy-Authorization", proxyAuthorization);
    }
    headers.forEach(request::setHeader);
    return request;
  }

  private static String invalid(String address) {
    return "\"" + address + "\" is no address: use unix:///PATH or tcp://HOST:PORT";
  }
}
