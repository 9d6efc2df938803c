package io.djong.daemon.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.api.ApiError;
import io.djong.api.ContainerInspect;
import io.djong.daemon.route.ServedRoutes.Answer;
import io.djong.engine.ContainerState;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutesTest {
  private ServedRoutes served;

  @BeforeEach
  void serve() throws IOException {
    served = new ServedRoutes();
  }

  @AfterEach
  void stop() throws IOException {
    served.close();
  }

  @Test
  void aPingTellsTheVersionInItsHeaders() throws IOException {
    try (var exchange = served.http.send("HEAD", "/_ping", Map.of(), null, 0)) {
      assertThat(exchange.status()).isEqualTo(200);
      assertThat(exchange.header("Api-Version")).isEqualTo("1.51");
      assertThat(exchange.header("Ostype")).isEqualTo("linux");
      assertThat(exchange.header("Swarm")).isEqualTo("inactive");
      assertThat(exchange.header("Docker-Experimental")).isEqualTo("false");
    }
    assertThat(served.ask("GET", "/_ping").body()).isEqualTo("OK");
  }

  @Test
  void aVersionInThePathIsHeededAndItsBoundsAreTold() throws IOException {
    assertThat(served.ask("GET", "/v1.24/version").status()).isEqualTo(200);
    assertThat(served.ask("GET", "/v1.51/version").status()).isEqualTo(200);
    assertThat(served.ask("GET", "/v1.23/version"))
        .isEqualTo(
            error(
                400,
                "client version 1.23 is too old. Minimum supported API version is 1.24, please"
                    + " upgrade your client to a newer version"));
    assertThat(served.ask("GET", "/v1.52/version"))
        .isEqualTo(
            error(400, "client version 1.52 is too new. Maximum supported API version is 1.51"));
  }

  @Test
  void whatIsNoRouteIsNotFoundAndWhatIsNotThereYetSaysSo() throws IOException {
    assertThat(served.ask("GET", "/nonsense")).isEqualTo(error(404, "page not found"));
    assertThat(served.ask("PUT", "/info")).isEqualTo(error(404, "page not found"));
    assertThat(served.ask("GET", "/v1.51/")).isEqualTo(error(404, "page not found"));
    assertThat(served.ask("POST", "/session").status()).isEqualTo(501);
    assertThat(served.ask("GET", "/containers/argo/checkpoints").status()).isEqualTo(501);
    assertThat(served.ask("GET", "/containers/argo/stats?stream=0").body()).contains("\"id\":");
    assertThat(served.ask("GET", "/plugins")).isEqualTo(new Answer(200, "[]", "application/json"));
    assertThat(served.ask("GET", "/services").status()).isEqualTo(503);
    assertThat(served.ask("GET", "/swarm").body()).contains("This node is not a swarm manager");
  }

  @Test
  void everyKindOfFaultHasItsStatus() throws IOException {
    Map<RuntimeException, Integer> statuses =
        Map.of(
            new Fault.Invalid("i"), 400,
            new Fault.Denied("d"), 403,
            new Fault.NotFound("n"), 404,
            new Fault.Conflict("c"), 409,
            new Fault.Failed("f"), 500,
            new Fault.Unsupported("u"), 501,
            new Fault.Unavailable("a"), 503);
    for (var each : statuses.entrySet()) {
      served.engine.containers.refusal = each.getKey();
      assertThat(served.ask("GET", "/containers/argo/json"))
          .isEqualTo(error(each.getValue(), String.valueOf(each.getKey().getMessage())));
    }
  }

  @Test
  void aBugTellsNothingOfItself() throws IOException {
    served.engine.containers.refusal = new IllegalStateException("secret");

    assertThat(served.ask("GET", "/containers/argo/json"))
        .isEqualTo(error(500, "internal error: see the daemon's log"));
  }

  @Test
  void webPagesAreRefused() throws IOException {
    assertThat(served.ask("GET", "/_ping", Map.of("Origin", "http://example.com"), null).status())
        .isEqualTo(403);
  }

  @Test
  void aBodyMustBeJsonAndCalledSo() throws IOException {
    String create = "/containers/create";
    assertThat(served.ask("POST", create))
        .isEqualTo(error(400, "invalid JSON: got EOF while reading request body"));
    assertThat(served.ask("POST", create, Map.of("Content-Type", "text/plain"), "{}"))
        .isEqualTo(
            error(400, "unsupported Content-Type header (text/plain): must be 'application/json'"));
    assertThat(served.post(create, "{}"))
        .isEqualTo(error(400, "config cannot be empty in order to create a container"));
    assertThat(served.post(create, "{").status()).isEqualTo(400);
    assertThat(served.post(create, "{\"Image\":\"busybox\"} x"))
        .isEqualTo(error(400, "unexpected content after JSON"));
    assertThat(served.post(create, "{\"Image\":5}").status()).isEqualTo(400);
    assertThat(served.post(create, "{\"Image\":\"" + "a".repeat(4 << 20) + "\"}").status())
        .isEqualTo(400);
    assertThat(served.post(create, "[".repeat(100_000)).status()).isEqualTo(400);
  }

  @Test
  void aContainerIsCreatedAsAsked() throws IOException {
    Answer answer =
        served.post(
            "/v1.47/containers/create?name=%2Fargo",
            "{\"Image\":\"busybox\",\"Cmd\":[\"true\"],\"HostConfig\":{\"Memory\":5}}");

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.body())
        .isEqualTo("{\"Id\":\"" + FakeEngine.CONTAINER.hex() + "\",\"Warnings\":[]}");
    assertThat(served.engine.containers.asked).containsExactly("create argo [true] 5");
    assertThat(served.post("/containers/create", "{\"Image\":\"nosuch\"}"))
        .isEqualTo(error(404, "No such image: nosuch:latest"));
  }

  @Test
  void aListTellsWhatDockerTells() throws IOException {
    Map<?, ?> line =
        (Map<?, ?>)
            ((List<?>)
                    Json.full()
                        .readTree(
                            served
                                .ask(
                                    "GET",
                                    "/containers/json?all=1&filters=%7B%22status%22%3A%7B%22running%22%3Atrue%7D%7D")
                                .body()
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .getFirst();

    assertThat(served.engine.containers.asked).containsExactly("list true 0 {status=[running]}");
    assertThat(line.get("Names")).isEqualTo(List.of("/argo"));
    assertThat(line.get("Command")).isEqualTo("sleep 1000 'a b'");
    assertThat(line.get("Status")).isEqualTo("Up 3 minutes");
    assertThat(line.get("State")).isEqualTo("running");
    assertThat(line.get("Image")).isEqualTo("busybox");
    assertThat(line.containsKey("SizeRw")).isFalse();
    assertThat(line.get("Ports"))
        .isEqualTo(
            List.of(
                Map.of("IP", "0.0.0.0", "PrivatePort", 80L, "PublicPort", 8080L, "Type", "tcp"),
                Map.of("PrivatePort", 90L, "Type", "udp")));
  }

  @Test
  void aBadFilterIsRefusedInDockersWords() throws IOException {
    assertThat(served.ask("GET", "/containers/json?filters=x"))
        .isEqualTo(error(400, "invalid filter"));
    assertThat(served.ask("GET", "/containers/json?filters=%7B%22foo%22%3A%5B%22a%22%5D%7D"))
        .isEqualTo(error(400, "invalid filter 'foo'"));
  }

  @Test
  void anInspectionTellsTheStateAndTheOldNetworkFields() throws IOException {
    served.engine.containers.state =
        new ContainerState.Running(42, Instant.parse("2026-11-22T08:00:01Z"), true);
    ContainerInspect running = served.client.container("argo", false);

    assertThat(running.state().status()).isEqualTo("paused");
    assertThat(running.state().pid()).isEqualTo(42);
    assertThat(running.networkSettings().ipAddress()).isEqualTo("172.17.0.2");
    assertThat(running.networkSettings().networks().values())
        .singleElement()
        .satisfies(place -> assertThat(place.ipPrefixLen()).isEqualTo(16));
    assertThat(running.networkSettings().ports().get("80/tcp")).hasSize(1);
    assertThat(running.networkSettings().ports()).containsEntry("90/udp", null);

    served.engine.containers.state =
        new ContainerState.Exited(
            null, new ExitStatus(127, false, Instant.EPOCH), "no such command");
    ContainerInspect failed = served.client.container("argo", false);

    assertThat(failed.state().status()).isEqualTo("created");
    assertThat(failed.state().exitCode()).isEqualTo(127);
    assertThat(failed.state().startedAt()).isEqualTo("0001-01-01T00:00:00Z");
    assertThat(failed.networkSettings().ipAddress()).isEmpty();
    assertThat(failed.networkSettings().ports()).isEmpty();
  }

  @Test
  void anInspectionLeavesOutWhatDockerLeavesOut() throws IOException {
    String text = served.ask("GET", "/containers/argo/json").body();

    assertThat(text)
        .contains("\"ShmSize\":67108864", "\"Volumes\":null", "\"BlkioWeightDevice\":[]")
        .contains("\"CgroupParent\":\"\"", "\"ExecIDs\":null", "\"ConsoleSize\":[0,0]")
        .doesNotContain("\"Healthcheck\"", "\"Health\"", "\"Tmpfs\"", "\"Init\"", "\"SizeRw\"");
  }

  @Test
  void startAndStopTellWhetherThereWasSomethingToDo() throws IOException {
    assertThat(served.ask("POST", "/containers/argo/start").status()).isEqualTo(304);
    assertThat(served.ask("POST", "/containers/argo/stop?t=-1&signal=INT").status()).isEqualTo(204);
    assertThat(served.ask("POST", "/containers/argo/kill").status()).isEqualTo(204);
    assertThat(served.engine.containers.asked).containsExactly("stop INT -1", "kill SIGKILL");
    assertThat(served.ask("POST", "/containers/argo/stop?t=x").status()).isEqualTo(400);
  }

  @Test
  void theClientReadsRefusals() {
    assertThatThrownBy(() -> served.client.container("nosuch", false))
        .isInstanceOfSatisfying(
            ApiError.class,
            error -> {
              assertThat(error.status()).isEqualTo(404);
              assertThat(error.getMessage()).isEqualTo("No such container: nosuch");
            });
  }

  @Test
  void theClientReadsWhatTheRoutesAnswer() throws IOException {
    assertThat(served.client.version().apiVersion()).isEqualTo("1.51");
    assertThat(served.client.info().containersRunning()).isEqualTo(1);
    assertThat(served.client.containers(true, 0, false, Map.of())).hasSize(1);
    assertThat(served.client.images(false, Map.of())).hasSize(1);
    assertThat(served.client.image("busybox").rootFs().layers()).hasSize(1);
    assertThat(served.client.history("busybox")).hasSize(1);
    assertThat(served.client.networks(Map.of())).hasSize(1);
    assertThat(served.client.network("bridge").ipam().config()).hasSize(1);
    assertThat(served.client.volumes(Map.of()).volumes()).hasSize(1);
    assertThat(served.client.diskUsage().images()).hasSize(1);
    assertThat(served.client.top("argo", "aux").processes()).containsExactly(List.of("42", "aux"));
    assertThat(served.client.changes("argo")).extracting("kind").containsExactly(0, 2);
    assertThat(served.client.removeImage("busybox", false, false)).hasSize(2);
    assertThat(served.client.pruneContainers(Map.of()).spaceReclaimed()).isZero();
  }

  @Test
  void imageNamesMayHaveSlashes() throws IOException {
    assertThat(served.ask("POST", "/images/busybox/tag?repo=a.example/b/c&tag=d").status())
        .isEqualTo(201);
    assertThat(served.engine.images.asked).containsExactly("tag a.example/b/c d");
    assertThat(served.ask("GET", "/images/busybox/x/y:z@w/json").status()).isEqualTo(200);
    assertThat(served.ask("GET", "/images/busybox%2Fx/history").status()).isEqualTo(200);
  }

  @Test
  void oldClientsGetTheSizeUnderItsOldName() throws IOException {
    assertThat(served.ask("GET", "/v1.43/images/json").body()).contains("\"VirtualSize\":1984180");
    assertThat(served.ask("GET", "/v1.44/images/json").body()).doesNotContain("VirtualSize");
  }

  @Test
  void oldClientsGetTheConfigurationUnderItsOldNameToo() throws IOException {
    assertThat(served.ask("GET", "/v1.44/images/busybox/json").body())
        .contains("\"ContainerConfig\":{");
    assertThat(served.ask("GET", "/v1.45/images/busybox/json").body())
        .contains("\"Config\":{")
        .doesNotContain("ContainerConfig");
  }

  @Test
  void aCommitWithoutWishesHasNoConfiguration() throws IOException {
    assertThat(served.post("/commit?container=argo&repo=r&pause=0&changes=CMD+x", "null").status())
        .isEqualTo(201);
    assertThat(served.post("/commit?container=argo&repo=r&author=me", "{}").status())
        .isEqualTo(201);
    assertThat(served.engine.images.asked)
        .containsExactly("commit r null false [CMD x] null", "commit r me true [] null");
  }

  static Answer error(int status, String message) {
    return new Answer(
        status, Json.full().writeText(new io.djong.api.ErrorAnswer(message)), "application/json");
  }
}
