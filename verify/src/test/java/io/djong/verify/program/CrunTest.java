package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The other runtime, by choice; also where control groups are hybrid, which it refuses by itself.
class CrunTest {
  @Test
  void containersRunByCrunAsTheyDoByRunc() throws Exception {
    try (LiveDaemon daemon = LiveDaemon.withBusybox("--runtime", "crun")) {
      assertThat(daemon.docker("info", "-f", "{{.DefaultRuntime}}").ok().line()).isEqualTo("crun");
      assertThat(daemon.docker("run", "--rm", "busybox", "echo", "ahoy").ok().line())
          .isEqualTo("ahoy");
      assertThat(daemon.docker("run", "--rm", "busybox", "sh", "-c", "exit 9").code()).isEqualTo(9);
      assertThat(daemon.docker("run", "--rm", "busybox", "no-such-command").code()).isEqualTo(127);
      assertThat(daemon.docker("run", "--rm", "busybox", "/etc/passwd").code()).isEqualTo(126);
      daemon.docker("run", "-d", "--name", "c1", "-m", "64m", "busybox", "sleep", "1000").ok();
      assertThat(daemon.docker("exec", "c1", "echo", "in").ok().line()).isEqualTo("in");
      daemon.kill();
      daemon.launch();
      assertThat(daemon.docker("exec", "c1", "echo", "still").ok().line()).isEqualTo("still");
      daemon.docker("stop", "-t", "0", "c1").ok();
      daemon.docker("rm", "c1").ok();
    }
  }
}
