package io.djong.daemon.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.runtime.ContainerProcess.Channel;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The stock docker command line against the routes.
@Timeout(120)
class DockerCliTest {
  private ServedRoutes served;

  @BeforeEach
  void serve() throws IOException {
    served = new ServedRoutes();
  }

  @AfterEach
  void stop() throws IOException {
    served.close();
  }

  private record Outcome(int code, String out) {}

  private Outcome docker(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker", "-H", served.address));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor(), out);
  }

  @Test
  void versionAndInfoPrintWithoutWarnings() throws Exception {
    assertThat(docker("version").out())
        .contains("Server: djong", "API version:      1.51 (minimum version 1.24)", "0.1.0");
    Outcome info = docker("info");
    assertThat(info.code()).isZero();
    assertThat(info.out())
        .contains("Running: 1", "Server Version: 0.1.0", "Storage Driver: overlay2")
        .doesNotContain("WARNING", "ERROR");
  }

  @Test
  void listsPrintAsTheyDoWithDocker() throws Exception {
    assertThat(docker("ps").out())
        .contains("c0ffeec0ffee", "busybox", "\"sleep 1000 'a b'\"", "Up 3 minutes", "argo")
        .contains("90/udp, 0.0.0.0:8080->80/tcp");
    assertThat(docker("images").out()).contains("busybox", "latest", "1.98MB");
    assertThat(docker("history", "busybox").out()).contains("<missing>", "1.98MB");
    assertThat(docker("network", "ls").out()).contains("bridge");
    assertThat(docker("volume", "ls").out()).contains("hold");
    assertThat(docker("top", "argo").out()).contains("PID", "42");
    assertThat(docker("diff", "argo").out()).contains("C /etc", "D /bin");
    assertThat(docker("inspect", "-f", "{{.State.Pid}} {{.Name}}", "argo").out())
        .isEqualTo("42 /argo\n");
  }

  @Test
  void anUnknownImageAndAnUnknownContainerAreToldInTheEnginesWords() throws Exception {
    Outcome run = docker("run", "nosuch");
    assertThat(run.code()).isEqualTo(125);
    assertThat(run.out())
        .contains("Unable to find image 'nosuch:latest' locally", "pull access denied for nosuch");
    Outcome stop = docker("stop", "nosuch");
    assertThat(stop.code()).isEqualTo(1);
    assertThat(stop.out()).contains("No such container: nosuch");
  }

  @Test
  void runPrintsTheOutputAndEndsWithTheContainersCode() throws Exception {
    FakeProcess process = new FakeProcess();
    served.engine.containers.process = process;
    process.says(Channel.STDOUT, "ahoy\n");
    process.ends();
    served.engine.containers.exit.complete(new ExitStatus(42, false, Instant.EPOCH));

    Outcome run = docker("run", "busybox", "echo", "ahoy");

    assertThat(run.out()).isEqualTo("ahoy\n");
    assertThat(run.code()).isEqualTo(42);
  }

  @Test
  void execPrintsTheOutputAndEndsWithTheExecsCode() throws Exception {
    FakeProcess process = new FakeProcess();
    served.engine.execs.process = process;
    process.says(Channel.STDERR, "aye\n");
    process.ends();

    assertThat(docker("exec", "argo", "true")).isEqualTo(new Outcome(7, "aye\n"));
  }
}
