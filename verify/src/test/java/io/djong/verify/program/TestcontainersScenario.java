package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.output.OutputFrame.OutputType;
import org.testcontainers.containers.output.ToStringConsumer;
import org.testcontainers.containers.output.WaitingConsumer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;

/// What people do with Testcontainers, in a JVM of its own: the library reads where the engine is
/// from the environment, once.
final class TestcontainersScenario {
  private static final String SERVES =
      "mkdir -p /www; echo ahoy > /www/index.html; httpd -f -h /www";

  private TestcontainersScenario() {}

  private static GenericContainer<?> busybox(String... command) {
    return new GenericContainer<>("busybox:latest").withCommand(command);
  }

  public static void main(String[] arguments) throws Exception {
    portsAndWaits();
    filesAndExecs();
    networksAndAliases();
    outputAndEnds();
    imagesFromDockerfiles();
    System.out.println("all is well");
  }

  private static String get(GenericContainer<?> web, int port) throws Exception {
    URI uri = URI.create("http://" + web.getHost() + ":" + web.getMappedPort(port) + "/");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  private static void portsAndWaits() throws Exception {
    try (GenericContainer<?> byPort = busybox("sh", "-c", SERVES);
        GenericContainer<?> byHttp = busybox("sh", "-c", SERVES);
        GenericContainer<?> byHealth = busybox("sh", "-c", "sleep 1000")) {
      byPort.withExposedPorts(80).start();
      byHttp.withExposedPorts(80).waitingFor(Wait.forHttp("/").forStatusCode(200)).start();
      byHealth
          .withCreateContainerCmdModifier(
              command ->
                  command.withHealthcheck(
                      new com.github.dockerjava.api.model.HealthCheck()
                          .withTest(java.util.List.of("CMD", "true"))
                          .withInterval(100_000_000L)))
          .waitingFor(Wait.forHealthcheck())
          .start();
      assertThat(get(byPort, 80)).isEqualTo("ahoy\n");
      assertThat(get(byHttp, 80)).isEqualTo("ahoy\n");
      assertThat(byHealth.isHealthy()).isTrue();
      assertThat(byPort.getContainerInfo().getState().getRunning()).isTrue();
    }
  }

  private static void filesAndExecs() throws Exception {
    try (GenericContainer<?> container = busybox("sh", "-c", "cat /before; sleep 1000")) {
      container
          .withCopyToContainer(Transferable.of("put before the start\n", 0640), "/before")
          .withEnv("CARGO", "tea")
          .withLabel("by", "testcontainers")
          .withWorkingDirectory("/tmp")
          .withTmpFs(java.util.Map.of("/scratch", "rw"))
          .waitingFor(Wait.forLogMessage(".*before the start.*\\n", 1))
          .start();
      container.copyFileToContainer(Transferable.of(new byte[100_000]), "/deep/er/zeros");
      ExecResult result =
          container.execInContainer(
              "sh",
              "-c",
              "pwd; echo $CARGO; wc -c < /deep/er/zeros; stat -c %a /before; echo e >&2");
      assertThat(result.getStdout()).isEqualTo("/tmp\ntea\n100000\n640\n");
      assertThat(result.getStderr()).isEqualTo("e\n");
      assertThat(container.execInContainer("sh", "-c", "exit 7").getExitCode()).isEqualTo(7);
      String copied =
          container.copyFileFromContainer(
              "/before",
              in -> new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
      assertThat(copied).isEqualTo("put before the start\n");
      assertThat(container.getContainerInfo().getConfig().getLabels())
          .containsEntry("by", "testcontainers");
    }
    try (GenericContainer<?> bound = busybox("cat", "/etc/of-the-host")) {
      bound
          .withFileSystemBind("/etc/hostname", "/etc/of-the-host", BindMode.READ_ONLY)
          .withStartupCheckStrategy(new OneShotStartupCheckStrategy())
          .start();
      assertThat(bound.getLogs()).isNotBlank();
    }
  }

  private static void networksAndAliases() throws Exception {
    try (Network network = Network.newNetwork();
        GenericContainer<?> web = busybox("sh", "-c", SERVES);
        GenericContainer<?> client = busybox("sleep", "1000")) {
      web.withNetwork(network).withNetworkAliases("web", "tea-house").withExposedPorts(80).start();
      client.withNetwork(network).dependsOn(web).start();
      for (String name : new String[] {"web", "tea-house"}) {
        assertThat(client.execInContainer("wget", "-qO-", "http://" + name).getStdout())
            .isEqualTo("ahoy\n");
      }
    }
  }

  private static void outputAndEnds() throws Exception {
    WaitingConsumer waiting = new WaitingConsumer();
    ToStringConsumer all = new ToStringConsumer();
    try (GenericContainer<?> container =
        busybox("sh", "-c", "echo one; echo two >&2; sleep 1; echo three; sleep 1000")) {
      container.withLogConsumer(all).start();
      container.followOutput(waiting, OutputType.STDOUT);
      waiting.waitUntil(frame -> frame.getUtf8String().contains("three"), 60, TimeUnit.SECONDS);
      assertThat(container.getLogs(OutputType.STDERR)).isEqualTo("two\n");
      assertThat(container.getLogs(OutputType.STDOUT)).isEqualTo("one\nthree\n");
      assertThat(all.toUtf8String()).contains("one\n", "two\n", "three\n");
    }
    try (GenericContainer<?> fails = busybox("sh", "-c", "echo why; exit 3")) {
      fails
          .withStartupCheckStrategy(
              new OneShotStartupCheckStrategy().withTimeout(Duration.ofSeconds(30)))
          .withStartupAttempts(1);
      assertThatThrownBy(fails::start).isInstanceOf(ContainerLaunchException.class);
    }
  }

  private static void imagesFromDockerfiles() throws IOException, InterruptedException {
    ImageFromDockerfile image =
        new ImageFromDockerfile("made-by-testcontainers", false)
            .withFileFromString("cargo/list", "tea\n")
            .withBuildArg("FROM_WHERE", "java")
            .withDockerfileFromBuilder(
                builder ->
                    builder
                        .from("busybox:latest")
                        .run("echo built > /built")
                        .copy("cargo/list", "/list")
                        .cmd("sh", "-c", "cat /built /list; sleep 1000")
                        .build());
    try (GenericContainer<?> container = new GenericContainer<>(image)) {
      container.waitingFor(Wait.forLogMessage(".*tea.*\\n", 1)).start();
      assertThat(container.getLogs()).isEqualTo("built\ntea\n");
      assertThat(container.execInContainer("cat", "/list").getStdout()).isEqualTo("tea\n");
    }
  }
}
