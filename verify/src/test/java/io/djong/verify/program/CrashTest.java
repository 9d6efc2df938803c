package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// The daemon is not a single point of failure: killed at any moment, it loses no container and no
/// log line.
class CrashTest {
  private static final int ROUNDS = 50;

  @Test
  void killingTheDaemonLosesNeitherContainerNorLogLine() throws Exception {
    Random random = new Random(20261122);
    try (LiveDaemon daemon = LiveDaemon.withBusybox()) {
      daemon
          .docker(
              "run",
              "-d",
              "--name",
              "counter",
              "busybox",
              "sh",
              "-c",
              "i=0; while true; do i=$((i+1)); echo $i; usleep 10000; done")
          .ok();
      String pid = daemon.docker("inspect", "-f", "{{.State.Pid}}", "counter").ok().line();
      for (int round = 0; round < ROUNDS; round++) {
        Process work =
            Program.start(
                daemon.dockerCommand("run", "-d", "--name", "w" + round, "busybox", "sleep", "600"),
                java.util.Map.of(),
                null);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(250)));
        daemon.kill();
        boolean acknowledged = work.waitFor() == 0;
        daemon.launch();
        assertThat(daemon.docker("inspect", "-f", "{{.State.Pid}}", "counter").ok().line())
            .as("round %d", round)
            .isEqualTo(pid);
        if (acknowledged) {
          assertThat(daemon.docker("inspect", "-f", "{{.State.Status}}", "w" + round).ok().line())
              .as("round %d", round)
              .isEqualTo("running");
        }
        daemon.docker("rm", "-f", "w" + round);
      }
      daemon.docker("stop", "-t", "0", "counter").ok();
      List<String> lines = daemon.docker("logs", "counter").ok().lines();
      for (int i = 0; i < lines.size(); i++) {
        assertThat(lines.get(i)).isEqualTo(Integer.toString(i + 1));
      }
      assertThat(lines.size()).isGreaterThan(ROUNDS);
      assertThat(daemon.docker("ps", "-aq").ok().lines()).hasSize(1);
    }
  }

  @Test
  void aContainerThatEndsWhileNobodyLooksKeepsItsExitCode() throws Exception {
    try (LiveDaemon daemon = LiveDaemon.withBusybox()) {
      daemon
          .docker(
              "run", "-d", "--name", "sleeper", "busybox", "sh", "-c", "sleep 1; echo bye; exit 23")
          .ok();
      daemon.kill();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1500));
      daemon.launch();
      assertThat(daemon.docker("wait", "sleeper").ok().line()).isEqualTo("23");
      assertThat(daemon.docker("logs", "sleeper").ok().line()).isEqualTo("bye");
    }
  }

  @Test
  void anOrderlyEndLeavesContainersRunning() throws Exception {
    try (LiveDaemon daemon = LiveDaemon.withBusybox()) {
      daemon.docker("run", "-d", "--name", "stays", "busybox", "sleep", "1000").ok();
      String pid = daemon.docker("inspect", "-f", "{{.State.Pid}}", "stays").ok().line();
      assertThat(daemon.terminate()).isZero();
      assertThat(ProcessHandle.of(Long.parseLong(pid))).isPresent();
      daemon.launch();
      assertThat(daemon.docker("inspect", "-f", "{{.State.Pid}}", "stays").ok().line())
          .isEqualTo(pid);
      assertThat(daemon.docker("exec", "stays", "echo", "still").ok().line()).isEqualTo("still");
    }
  }

  @Test
  void aSecondDaemonOnTheSameRootNamesTheFirst() throws Exception {
    try (LiveDaemon daemon = LiveDaemon.start()) {
      Program.Result second =
          Program.run(
              List.of(
                  LiveDaemon.REPOSITORY.resolve("djong").toString(),
                  "daemon",
                  "--data-root",
                  daemon.dataRoot().toString(),
                  "--exec-root",
                  daemon.folder().resolve("other").toString(),
                  "--host",
                  "unix://" + daemon.folder().resolve("other.sock")),
              java.util.Map.of(),
              null);
      assertThat(second.code()).isEqualTo(1);
      assertThat(second.err()).contains(Long.toString(daemon.pid()));
    }
  }
}
