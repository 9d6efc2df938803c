package io.djong.http.socket;

import io.djong.http.Transport;
import io.djong.http.Transport.Proxy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// Makes connections to one server of the web: straight or through a proxy, with TLS or without.
final class WebDialer implements Wire.Dialer {
  private static final int MAX_HEAD = 16 << 10;

  private final String host;
  private final int port;
  private final Tls tls;
  private final Transport transport;

  /// How TLS is spoken; `context` is null where it is not.
  record Tls(@org.jspecify.annotations.Nullable SSLContext context, boolean anyServer) {}

  WebDialer(String host, int port, Tls tls, Transport transport) {
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.transport = transport;
  }

  @Override
  public Wire dial() throws IOException {
    Proxy proxy = transport.proxy();
    Socket socket = proxy == null ? connect(host, port) : connect(proxy.host(), proxy.port());
    boolean kept = false;
    try {
      socket.setTcpNoDelay(true);
      SSLContext context = tls.context();
      if (context != null) {
        socket.setSoTimeout((int) transport.idle().toMillis());
        if (proxy != null) {
          tunnel(socket, proxy);
        }
        socket = secure(socket, context);
      }
      WebWire wire = new WebWire(socket, transport.idle());
      kept = true;
      return wire;
    } finally {
      if (!kept) {
        socket.close();
      }
    }
  }

  private Socket connect(String name, int at) throws IOException {
    IOException failed = null;
    for (InetAddress address : addresses(name)) {
      // Of a channel, because then an interrupt ends a read also on a platform thread.
      Socket socket = SocketChannel.open().socket();
      try {
        socket.connect(new InetSocketAddress(address, at), (int) transport.connect().toMillis());
        return socket;
      } catch (IOException e) {
        socket.close();
        failed = new ConnectException("dial tcp " + show(address) + ":" + at + ": " + reason(e));
        failed.initCause(e);
      }
    }
    throw failed == null ? new ConnectException("dial tcp: " + name + " has no address") : failed;
  }

  private static InetAddress[] addresses(String name) throws IOException {
    try {
      return InetAddress.getAllByName(name);
    } catch (UnknownHostException e) {
      IOException unknown = new ConnectException("dial tcp: lookup " + name + ": no such host");
      unknown.initCause(e);
      throw unknown;
    }
  }

  private static String show(InetAddress address) {
    String text = address.getHostAddress();
    return text.indexOf(':') < 0 ? text : "[" + text + "]";
  }

  /// In the words that people search for.
  private static String reason(IOException e) {
    String message = e.getMessage();
    if ("Connection refused".equals(message)) {
      return "connect: connection refused";
    }
    return message == null ? e.getClass().getSimpleName() : "connect: " + message;
  }

  /// RFC 9110, CONNECT.
  private void tunnel(Socket socket, Proxy proxy) throws IOException {
    String authority = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    StringBuilder head = new StringBuilder();
    head.append("CONNECT ").append(authority).append(" HTTP/1.1\r\nHost: ").append(authority);
    if (proxy.authorization() != null) {
      head.append("\r\nProxy-Authorization: ").append(proxy.authorization());
    }
    head.append("\r\n\r\n");
    socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    // One by one: what follows the empty line belongs to TLS.
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      int b = socket.getInputStream().read();
      if (b < 0 || answer.length() > MAX_HEAD) {
        throw new ConnectException("the proxy " + proxy + " gave no answer to CONNECT");
      }
      answer.append((char) b);
    }
    String status = answer.substring(0, answer.indexOf("\r\n"));
    if (!status.startsWith("HTTP/1.") || !status.substring(8).startsWith(" 2")) {
      throw new ConnectException("the proxy " + proxy + " refused to connect: " + status);
    }
  }

  private Socket secure(Socket socket, SSLContext context) throws IOException {
    SSLSocket secure =
        (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
    if (!tls.anyServer()) {
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
    }
    secure.startHandshake();
    return secure;
  }
}
