package io.djong.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.http.HttpClient.Exchange;
import io.djong.http.HttpServer.Limits;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Where a server listens, and how it stops.
@Timeout(30)
class HttpServerTest {
  private static final HttpHandler OK = (request, response) -> response.send("ok".getBytes(UTF_8));

  private Path folder = Path.of("/tmp");
  private Path socket = folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory(Path.of("/tmp"), "http");
    socket = folder.resolve("run/sock");
  }

  @AfterEach
  void removeFolder() throws IOException {
    Files.deleteIfExists(socket);
    Files.deleteIfExists(folder.resolve("run"));
    Files.delete(folder);
  }

  private HttpServer start() throws IOException {
    return HttpServer.start(List.of(new Listen.Unix(socket, 0620)), OK, Limits.DEFAULT);
  }

  private String ask() throws IOException {
    try (HttpClient client = HttpClient.of("unix://" + socket);
        Exchange answer = client.send("GET", "/", Map.of(), null, 0)) {
      return new String(answer.body().readAllBytes(), UTF_8);
    }
  }

  @Test
  void theSocketHasTheModeAskedForAndGoesWithTheServer() throws IOException {
    try (HttpServer server = start()) {
      assertThat(server.listening()).containsExactly(new Listen.Unix(socket, 0620));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw--w----");
      assertThat(ask()).isEqualTo("ok");
      try (var entries = Files.list(folder.resolve("run"))) {
        assertThat(entries).containsExactly(socket);
      }
    }
    assertThat(socket).doesNotExist();
  }

  @Test
  void aStaleSocketIsReplaced() throws IOException {
    Files.createDirectories(socket.getParent());
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
    assertThat(socket).exists();
    try (HttpServer server = start()) {
      assertThat(server.listening()).hasSize(1);
      assertThat(ask()).isEqualTo("ok");
    }
  }

  @Test
  void aSocketThatIsAnsweredOrIsNoSocketIsLeftAlone() throws IOException {
    try (HttpServer server = start()) {
      assertThat(server.listening()).hasSize(1);
      assertThatThrownBy(this::start)
          .isInstanceOf(Fault.Conflict.class)
          .hasMessageContaining(socket.toString());
      assertThat(ask()).isEqualTo("ok");
    }
    Files.writeString(socket, "precious");
    assertThatThrownBy(this::start).isInstanceOf(Fault.Conflict.class);
    assertThat(socket).hasContent("precious");
  }

  @Test
  void aSocketThatSomebodyElseMadeMeanwhileIsNotRemoved() throws IOException {
    HttpServer first = start();
    Files.delete(socket);
    try (HttpServer second = start()) {
      first.close();
      assertThat(second.listening()).hasSize(1);
      assertThat(ask()).isEqualTo("ok");
    }
  }

  @Test
  void anAnswerThatRunsIsFinishedBeforeTheServerStops() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    HttpHandler slow =
        (request, response) -> {
          try (OutputStream out = response.stream()) {
            running.countDown();
            go.await();
            out.write("done".getBytes(UTF_8));
          }
        };
    HttpServer server =
        HttpServer.start(List.of(new Listen.Unix(socket, 0600)), slow, Limits.DEFAULT);
    try (HttpClient client = HttpClient.of("unix://" + socket);
        Exchange answer = client.send("GET", "/", Map.of(), null, 0)) {
      running.await();
      Thread stopper = Thread.ofVirtual().start(() -> server.stop(Duration.ofSeconds(30)));
      go.countDown();
      assertThat(new String(answer.body().readAllBytes(), UTF_8)).isEqualTo("done");
      stopper.join();
    }
  }

  @Test
  void anAnswerThatDoesNotEndIsCutOff() throws Exception {
    HttpHandler endless =
        (request, response) -> {
          response.stream();
          new CountDownLatch(1).await();
        };
    HttpServer server =
        HttpServer.start(List.of(new Listen.Unix(socket, 0600)), endless, Limits.DEFAULT);
    try (HttpClient client = HttpClient.of("unix://" + socket);
        Exchange answer = client.send("GET", "/", Map.of(), null, 0)) {
      server.stop(Duration.ofMillis(10));
      assertThatThrownBy(() -> answer.body().readAllBytes()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anAddressThatIsNoneIsRefused() {
    assertThatThrownBy(() -> HttpClient.of("http://x")).isInstanceOf(Fault.Invalid.class);
    assertThatThrownBy(() -> HttpClient.of("tcp://x")).isInstanceOf(Fault.Invalid.class);
    assertThatThrownBy(() -> HttpClient.of("tcp://%")).isInstanceOf(Fault.Invalid.class);
  }
}
