package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Testcontainers, the library with which Java's tests bring up what they need.
@ExtendWith(SharedDaemon.class)
class TestcontainersTest {
  private final LiveDaemon daemon;

  TestcontainersTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @Test
  void containersPortsFilesNetworksOutputAndBuildsWork() throws Exception {
    Program.Result ran =
        Program.run(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TestcontainersScenario.class.getName()),
            Map.of(
                "DOCKER_HOST",
                daemon.host(),
                "TESTCONTAINERS_RYUK_DISABLED",
                "true",
                "TESTCONTAINERS_CHECKS_DISABLE",
                "true",
                "TESTCONTAINERS_HOST_OVERRIDE",
                "127.0.0.1"),
            null);

    assertThat(ran.out()).as(ran.err()).endsWith("all is well\n");
    assertThat(daemon.docker("ps", "-aq", "--filter", "label=org.testcontainers").ok().lines())
        .isEmpty();
    daemon.docker("rmi", "made-by-testcontainers").ok();
  }
}
