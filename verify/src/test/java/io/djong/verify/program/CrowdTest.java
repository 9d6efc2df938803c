package io.djong.verify.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.api.EngineClient;
import io.djong.http.HttpClient;
import io.djong.http.HttpClient.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Many clients at once.
@ExtendWith(SharedDaemon.class)
class CrowdTest {
  private static final int CLIENTS = 500;
  private static final String CONTAINER = "{\"Image\":\"busybox\",\"Labels\":{\"crowd\":\"\"}}";

  private final LiveDaemon daemon;

  CrowdTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @Test
  void fiveHundredClientsAreAllAnswered() throws Exception {
    CountDownLatch all = new CountDownLatch(CLIENTS);
    List<Future<List<Integer>>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        answers.add(threads.submit(() -> client(number, all)));
      }
      for (Future<List<Integer>> answer : answers) {
        assertThat(answer.get()).allSatisfy(status -> assertThat(status).isBetween(200, 299));
      }
    }
    assertThat(daemon.docker("ps", "-aq", "--filter", "label=crowd").ok().lines()).isEmpty();
    assertThat(daemon.log()).doesNotContain("internal error");
  }

  /// Each tenth makes and removes a container; the others read.
  private List<Integer> client(int number, CountDownLatch all) throws Exception {
    List<Integer> statuses = new ArrayList<>();
    try (EngineClient client = new EngineClient(HttpClient.of(daemon.host()))) {
      all.countDown();
      all.await();
      for (String path : List.of("/_ping", "/containers/json?all=1", "/images/json", "/version")) {
        statuses.add(status(client, "GET", path, null));
      }
      if (number % 10 == 0) {
        String name = "crowd" + number;
        statuses.add(
            status(client, "POST", "/containers/create?name=" + name, CONTAINER.getBytes(UTF_8)));
        statuses.add(status(client, "GET", "/containers/" + name + "/json", null));
        statuses.add(status(client, "DELETE", "/containers/" + name, null));
      }
    }
    return statuses;
  }

  private static int status(
      EngineClient client,
      String method,
      String path,
      byte @org.jspecify.annotations.Nullable [] body)
      throws Exception {
    try (Exchange answer = client.send(method, path, body)) {
      answer.body().readAllBytes();
      return answer.status();
    }
  }
}
