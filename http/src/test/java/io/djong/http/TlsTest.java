package io.djong.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.http.HttpServer.Limits;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server with certificates of its own.
class TlsTest {
  private static final int LARGE = 3 << 20;

  @TempDir Path folder;

  private void openssl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("openssl.log"))).isZero();
  }

  private void certificate(String name) throws Exception {
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=" + name,
        "-keyout",
        name + ".key",
        "-out",
        name + ".pem");
  }

  private HttpServer serve(@Nullable Path authorities) throws IOException {
    Path large = folder.resolve("large");
    byte[] bytes = new byte[LARGE];
    new Random(1).nextBytes(bytes);
    Files.write(large, bytes);
    return HttpServer.start(
        List.of(
            new Listen.Tls(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new TlsFiles(
                    folder.resolve("server.pem"), folder.resolve("server.key"), authorities))),
        (request, response) -> {
          if (request.path().equals("/large")) {
            try (FileChannel file = FileChannel.open(large)) {
              response.sendFile(file, 1, LARGE - 1);
            }
          } else {
            response.send((request.isSecure() + " " + request.certifiedName()).getBytes(US_ASCII));
          }
        },
        Limits.DEFAULT);
  }

  private static int port(HttpServer server) {
    return server.listening().getFirst()
            instanceof Listen.Tls(InetSocketAddress address, TlsFiles f)
        ? address.getPort()
        : -1;
  }

  /// What a server answers, and the name in its certificate.
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  private record Seen(byte[] answer, String name) {
    String body() {
      String text = new String(answer, US_ASCII);
      return text.substring(text.indexOf("\r\n\r\n") + 4);
    }
  }

  private Seen ask(HttpServer server, String target, @Nullable String client) throws Exception {
    KeyManagerFactory keys = null;
    if (client != null) {
      openssl(
          "pkcs12",
          "-export",
          "-in",
          client + ".pem",
          "-inkey",
          client + ".key",
          "-passout",
          "pass:secret",
          "-out",
          client + ".p12");
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(folder.resolve(client + ".p12"))) {
        store.load(in, "secret".toCharArray());
      }
      keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, "secret".toCharArray());
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        keys == null ? null : keys.getKeyManagers(), new TrustManager[] {new Trusting()}, null);
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port(server))) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                  .getBytes(US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      X509Certificate own = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return new Seen(answer, own.getSubjectX500Principal().getName());
    }
  }

  /// The test's certificates sign themselves.
  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void filesArriveWholeThroughTls() throws Exception {
    certificate("server");
    try (HttpServer server = serve(null)) {
      assertThat(ask(server, "/", null).body()).isEqualTo("true null");
      byte[] answer = ask(server, "/large", null).answer();
      byte[] file = Files.readAllBytes(folder.resolve("large"));
      assertThat(Arrays.copyOfRange(answer, answer.length - LARGE + 1, answer.length))
          .isEqualTo(Arrays.copyOfRange(file, 1, LARGE));
    }
  }

  @Test
  void aChangedCertificateIsServedToTheNextClients() throws Exception {
    certificate("server");
    certificate("fresh");
    try (HttpServer server = serve(null)) {
      assertThat(ask(server, "/", null).name()).isEqualTo("CN=server");

      Files.copy(folder.resolve("fresh.key"), folder.resolve("server.key"), REPLACE);
      Files.copy(folder.resolve("fresh.pem"), folder.resolve("server.pem"), REPLACE);
      Files.setLastModifiedTime(folder.resolve("server.pem"), FileTime.fromMillis(1000));

      // The server looks once a second.
      long end = System.nanoTime() + 10_000_000_000L;
      String name;
      do {
        name = ask(server, "/", null).name();
      } while (!name.equals("CN=fresh") && System.nanoTime() < end);
      assertThat(name).isEqualTo("CN=fresh");
    }
  }

  private static final java.nio.file.StandardCopyOption REPLACE =
      java.nio.file.StandardCopyOption.REPLACE_EXISTING;

  @Test
  void clientsProveThemselvesWhereTheyMust() throws Exception {
    certificate("server");
    certificate("mate");
    certificate("stranger");
    try (HttpServer server = serve(folder.resolve("mate.pem"))) {
      assertThat(ask(server, "/", "mate").body()).isEqualTo("true mate");
      assertThatThrownBy(() -> ask(server, "/", null)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> ask(server, "/", "stranger")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void filesThatAreNoKeyAreRefused() throws Exception {
    Files.writeString(folder.resolve("server.pem"), "x");
    Files.writeString(folder.resolve("server.key"), "x");

    assertThatThrownBy(() -> serve(null).close())
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("server.pem");
  }
}
