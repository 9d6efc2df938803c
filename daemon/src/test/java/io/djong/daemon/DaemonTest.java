package io.djong.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.api.EngineClient;
import io.djong.daemon.route.FakeBuilder;
import io.djong.daemon.route.FakeEngine;
import io.djong.http.HttpClient;
import io.djong.model.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DaemonTest {
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory(Path.of("/tmp"), "djong-daemon");
  }

  @AfterEach
  void removeFolder() throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path each : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private Settings settings(String data) throws IOException {
    return SettingsReader.read(
        List.of(
            "--data-root=" + folder.resolve(data),
            "--exec-root=" + folder.resolve(data + "-exec"),
            "--host=unix://" + folder.resolve(data + ".sock")));
  }

  @Test
  void itServesUntilItIsClosedAndClosesTheEngine() throws Exception {
    FakeEngine engine = new FakeEngine();
    Settings settings = settings("a");
    try (Daemon daemon = Daemon.start(settings, _ -> served(engine));
        EngineClient client = new EngineClient(HttpClient.of(settings.hosts().getFirst()))) {
      assertThat(daemon).isNotNull();
      assertThat(client.version().platform().name()).isEqualTo("djong");
    }
    assertThat(engine.isClosed()).isTrue();
    assertThat(folder.resolve("a.sock")).doesNotExist();
  }

  @Test
  void requestsWaitForTheEngine() throws Exception {
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(1);
    Settings settings = settings("a");
    CompletableFuture<Daemon> daemon = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                daemon.complete(
                    Daemon.start(
                        settings,
                        _ -> {
                          opening.countDown();
                          try {
                            open.await();
                          } catch (InterruptedException e) {
                            throw new IOException(e);
                          }
                          return served(new FakeEngine());
                        }));
              } catch (IOException | InterruptedException e) {
                daemon.completeExceptionally(e);
              }
            });
    opening.await();
    CompletableFuture<String> answer = new CompletableFuture<>();
    try (EngineClient client = new EngineClient(HttpClient.of(settings.hosts().getFirst()))) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  answer.complete(client.version().version());
                } catch (IOException e) {
                  answer.completeExceptionally(e);
                }
              });
      open.countDown();
      assertThat(answer.get()).isEqualTo("0.1.0");
    }
    daemon.get().close();
  }

  @Test
  void aSecondDaemonOnTheSameRootIsRefusedAndDoesNotTouchTheSocket() throws Exception {
    Settings settings = settings("a");
    try (Daemon daemon = Daemon.start(settings, _ -> served(new FakeEngine()));
        EngineClient client = new EngineClient(HttpClient.of(settings.hosts().getFirst()))) {
      assertThat(daemon).isNotNull();
      assertThatThrownBy(() -> Daemon.start(settings, _ -> served(new FakeEngine())))
          .isInstanceOf(Fault.Conflict.class)
          .hasMessageContaining("is in use by another djong daemon (pid ");
      client.ping();
    }
  }

  @Test
  void anEngineThatDoesNotOpenLeavesNothingBehind() throws Exception {
    Settings settings = settings("a");
    assertThatThrownBy(
            () ->
                Daemon.start(
                    settings,
                    _ -> {
                      throw new IOException("damaged");
                    }))
        .hasMessage("damaged");
    assertThat(folder.resolve("a.sock")).doesNotExist();
    Daemon.start(settings, _ -> served(new FakeEngine())).close();
  }

  private static Daemon.Served served(FakeEngine engine) {
    return new Daemon.Served(engine, new FakeBuilder());
  }
}
