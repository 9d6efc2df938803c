package io.djong.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.http.HttpClient.Exchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The client against servers of the web: with TLS, through proxies, with and without patience.
@Timeout(60)
class WebClientTest {
  @TempDir Path folder = Path.of("");

  private static URI web(ServerFixture server) {
    return URI.create(server.tcp().replace("tcp://", "http://"));
  }

  private static Transport impatient(Duration idle) {
    return new Transport(null, null, Duration.ofSeconds(5), idle);
  }

  private static String get(HttpClient client, String target) throws IOException {
    try (Exchange answer = client.send("GET", target, Map.of(), null, 0)) {
      return new String(answer.body().readAllBytes(), UTF_8);
    }
  }

  @Test
  void aConnectionIsUsedAgainWhateverIsAsked() throws IOException {
    try (ServerFixture server =
            new ServerFixture(
                (request, response) -> response.send(request.peer().getBytes(UTF_8)));
        HttpClient client = HttpClient.of(web(server), Transport.DEFAULT)) {
      String first = get(client, "/");
      try (Exchange answer =
          client.send("PUT", "/", Map.of(), new ByteArrayInputStream(new byte[9]), 9)) {
        assertThat(new String(answer.body().readAllBytes(), UTF_8)).isEqualTo(first);
      }
    }
  }

  @Test
  void aServerThatSaysNothingIsLeftAfterTheIdleTime() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        HttpClient client =
            HttpClient.of(
                URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                impatient(Duration.ofMillis(200)))) {
      assertThatThrownBy(() -> get(client, "/")).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aServerThatTakesNothingIsLeftAfterTheIdleTime() throws IOException {
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        HttpClient client =
            HttpClient.of(
                URI.create("http://127.0.0.1:" + deaf.getLocalPort()),
                impatient(Duration.ofMillis(500)))) {
      InputStream endless =
          new InputStream() {
            @Override
            public int read() {
              return 0;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
              return length;
            }
          };
      assertThatThrownBy(() -> client.send("POST", "/", Map.of(), endless, Long.MAX_VALUE))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void nobodyListeningIsSaidAsPeopleSearchForIt() throws IOException {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = gone.getLocalPort();
    }
    try (HttpClient client =
        HttpClient.of(URI.create("http://127.0.0.1:" + port), Transport.DEFAULT)) {
      assertThatThrownBy(() -> get(client, "/"))
          .hasMessage("dial tcp 127.0.0.1:" + port + ": connect: connection refused");
    }
  }

  @Test
  void aPlainRequestThroughAProxyNamesTheServerAndGivesTheProxyAloneItsPassword() throws Exception {
    HttpHandler proxy =
        (request, response) ->
            response.send(
                (request.header("Host") + " " + request.header("Proxy-Authorization"))
                    .getBytes(UTF_8));
    try (ServerFixture server = new ServerFixture(proxy)) {
      String address = web(server).toString().replace("http://", "http://me:se%20cret@");
      ProxyRules rules = ProxyRules.of(Map.of("HTTP_PROXY", address));
      URI registry = URI.create("http://registry.example");
      try (HttpClient client =
          HttpClient.of(registry, Transport.DEFAULT.through(rules.of(registry)))) {
        assertThat(get(client, "/v2/")).isEqualTo("registry.example Basic bWU6c2UgY3JldA==");
      }
    }
  }

  @Test
  void tlsIsSpokenWithServersOfOurAuthorityAndNoOthers() throws Exception {
    try (Secure server = new Secure(folder)) {
      Trust own = Trust.of(List.of(server.certificate), null);
      URI address = URI.create("https://localhost:" + server.port());
      try (HttpClient client = HttpClient.of(address, Transport.DEFAULT.with(own))) {
        assertThat(get(client, "/")).isEqualTo("safe");
        assertThat(get(client, "/")).isEqualTo("safe");
      }
      try (HttpClient client = HttpClient.of(address, Transport.DEFAULT)) {
        assertThatThrownBy(() -> get(client, "/")).isInstanceOf(SSLException.class);
      }
      URI other = URI.create("https://127.0.0.1:" + server.port());
      try (HttpClient client = HttpClient.of(other, Transport.DEFAULT.with(own))) {
        assertThatThrownBy(() -> get(client, "/")).isInstanceOf(SSLException.class);
      }
      try (HttpClient client = HttpClient.of(other, Transport.DEFAULT.with(Trust.anybody(null)))) {
        assertThat(get(client, "/")).isEqualTo("safe");
      }
    }
  }

  @Test
  void tlsGoesThroughAProxyByConnect() throws Exception {
    try (Secure server = new Secure(folder);
        Tunnel tunnel = new Tunnel(server.port())) {
      URI address = URI.create("https://localhost:" + server.port());
      Transport transport =
          Transport.DEFAULT
              .with(Trust.of(List.of(server.certificate), null))
              .through(new Transport.Proxy("127.0.0.1", tunnel.port(), "Basic eA=="));
      try (HttpClient client = HttpClient.of(address, transport)) {
        assertThat(get(client, "/")).isEqualTo("safe");
      }
      assertThat(tunnel.head.join())
          .startsWith("CONNECT localhost:" + server.port() + " HTTP/1.1")
          .contains("Proxy-Authorization: Basic eA==");
    }
  }

  @Test
  void proxiesAreChosenAsGoChoosesThem() {
    ProxyRules rules =
        ProxyRules.of(
            Map.of(
                "https_proxy", "proxy:3128",
                "HTTP_PROXY", "http://plain",
                "NO_PROXY", "a.example,.b.example,10.0.0.0/8,c.example:8443,[fd00::1]"));

    assertThat(at(rules, "https://x.example")).isEqualTo("proxy:3128");
    assertThat(at(rules, "http://x.example")).isEqualTo("plain:80");
    assertThat(at(rules, "https://a.example")).isEqualTo("none");
    assertThat(at(rules, "https://sub.a.example")).isEqualTo("none");
    assertThat(at(rules, "https://nota.example")).isEqualTo("proxy:3128");
    assertThat(at(rules, "https://b.example")).isEqualTo("proxy:3128");
    assertThat(at(rules, "https://sub.b.example")).isEqualTo("none");
    assertThat(at(rules, "https://10.1.2.3:5000")).isEqualTo("none");
    assertThat(at(rules, "https://11.1.2.3:5000")).isEqualTo("proxy:3128");
    assertThat(at(rules, "https://c.example:8443")).isEqualTo("none");
    assertThat(at(rules, "https://c.example")).isEqualTo("proxy:3128");
    assertThat(at(rules, "http://127.0.0.1:5000")).isEqualTo("none");
    assertThat(at(rules, "http://localhost:5000")).isEqualTo("none");
    assertThat(at(ProxyRules.of(Map.of("HTTP_PROXY", "p", "NO_PROXY", "*")), "http://x.example"))
        .isEqualTo("none");
    assertThatThrownBy(() -> ProxyRules.of(Map.of("HTTP_PROXY", "socks5://me:canary@p")))
        .hasMessageNotContaining("canary");
  }

  private static String at(ProxyRules rules, String server) {
    Transport.Proxy proxy = rules.of(URI.create(server));
    return proxy == null ? "none" : proxy.toString();
  }

  /// A server with a certificate of its own for `localhost`.
  private static final class Secure implements AutoCloseable {
    final Path certificate;
    private final ServerSocket server;

    Secure(Path folder) throws Exception {
      Path store = folder.resolve("keys.p12");
      certificate = folder.resolve("cert.pem");
      keytool(
          "-genkeypair",
          "-alias",
          "s",
          "-keyalg",
          "EC",
          "-dname",
          "CN=localhost",
          "-ext",
          "SAN=DNS:localhost",
          "-keystore",
          store.toString(),
          "-storetype",
          "PKCS12",
          "-storepass",
          "changeit");
      keytool(
          "-exportcert",
          "-alias",
          "s",
          "-rfc",
          "-file",
          certificate.toString(),
          "-keystore",
          store.toString(),
          "-storepass",
          "changeit");
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, "changeit".toCharArray());
      }
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, "changeit".toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      server =
          context
              .getServerSocketFactory()
              .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
      while (!server.isClosed()) {
        try (Socket client = server.accept()) {
          StringBuilder head = new StringBuilder();
          for (int b = client.getInputStream().read(); b >= 0; b = client.getInputStream().read()) {
            head.append((char) b);
            if (head.indexOf("\r\n\r\n") >= 0) {
              client
                  .getOutputStream()
                  .write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsafe".getBytes(UTF_8));
              head.setLength(0);
            }
          }
        } catch (IOException e) {
          head(e); // A client that did not trust us, or the end.
        }
      }
    }

    private static void head(IOException e) {
      System.getLogger("test").log(System.Logger.Level.DEBUG, "a connection ended", e);
    }

    private static void keytool(String... arguments) throws Exception {
      java.util.ArrayList<String> command = new java.util.ArrayList<>();
      command.add(System.getProperty("java.home") + "/bin/keytool");
      command.addAll(List.of(arguments));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    }

    int port() {
      return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  /// A proxy that connects to one port of this machine, whatever it is asked.
  private static final class Tunnel implements AutoCloseable {
    final CompletableFuture<String> head = new CompletableFuture<>();
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final AtomicInteger pumps = new AtomicInteger();

    Tunnel(int to) throws IOException {
      Thread.ofVirtual().start(() -> serve(to));
    }

    private void serve(int to) {
      try (Socket client = listener.accept();
          Socket server = new Socket(InetAddress.getLoopbackAddress(), to)) {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
          text.append((char) client.getInputStream().read());
        }
        head.complete(text.toString());
        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
        Thread up = Thread.ofVirtual().start(() -> pump(client, server));
        pump(server, client);
        up.join();
      } catch (IOException | InterruptedException e) {
        head.completeExceptionally(e);
      }
    }

    private void pump(Socket from, Socket to) {
      pumps.incrementAndGet();
      try {
        from.getInputStream().transferTo(to.getOutputStream());
        to.shutdownOutput();
      } catch (IOException e) {
        pumps.decrementAndGet(); // One side went away.
      }
    }

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
