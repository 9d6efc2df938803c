package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Two OCI runtimes side by side: crun unless somebody names runc.
class RuntimeChoiceTest {
  @Test
  void everyContainerHasTheRuntimeItAskedForAlsoAfterTheDaemonWasKilled() throws Exception {
    try (LiveDaemon daemon = LiveDaemon.withBusybox()) {
      assertThat(
              daemon
                  .docker(
                      "info",
                      "-f",
                      "{{.DefaultRuntime}} {{range $k, $v := .Runtimes}}{{$k}} {{end}}")
                  .ok()
                  .line())
          .isEqualTo("crun crun runc");
      for (String runtime : List.of("crun", "runc")) {
        assertThat(
                daemon
                    .docker("run", "--rm", "--runtime", runtime, "busybox", "sh", "-c", "exit 9")
                    .code())
            .isEqualTo(9);
        assertThat(
                daemon
                    .docker("run", "--rm", "--runtime", runtime, "busybox", "no-such-command")
                    .code())
            .isEqualTo(127);
        assertThat(
                daemon.docker("run", "--rm", "--runtime", runtime, "busybox", "/etc/passwd").code())
            .isEqualTo(126);
        daemon
            .docker(
                "run",
                "-d",
                "--runtime",
                runtime,
                "--name",
                "by-" + runtime,
                "-m",
                "64m",
                "busybox",
                "sleep",
                "1000")
            .ok();
        assertThat(
                daemon
                    .docker("inspect", "-f", "{{.HostConfig.Runtime}}", "by-" + runtime)
                    .ok()
                    .line())
            .isEqualTo(runtime);
      }
      daemon.kill();
      daemon.launch();
      for (String runtime : List.of("crun", "runc")) {
        String name = "by-" + runtime;
        assertThat(daemon.docker("exec", name, "echo", "in").ok().line()).isEqualTo("in");
        daemon.docker("update", "-m", "80m", "--memory-swap", "160m", name).ok();
        daemon.docker("pause", name).ok();
        daemon.docker("unpause", name).ok();
        daemon.docker("restart", "-t", "0", name).ok();
        assertThat(daemon.docker("exec", name, "echo", "still").ok().line()).isEqualTo("still");
        daemon.docker("rm", "-f", name).ok();
      }
      assertThat(daemon.docker("run", "--runtime", "kata", "busybox", "true").err())
          .contains("unknown or invalid runtime name: kata");
    }
  }
}
