package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// logs, attach and exec, by the stock docker command line.
@ExtendWith(SharedDaemon.class)
class DockerStreamsTest {
  private final LiveDaemon daemon;

  DockerStreamsTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @Test
  void logsKeepBothStreamsInOrder() throws Exception {
    daemon
        .docker("run", "--name", "logged", "busybox", "sh", "-c", "echo a; echo b; echo e >&2")
        .ok();
    Program.Result logs = daemon.docker("logs", "logged").ok();
    assertThat(logs.out()).isEqualTo("a\nb\n");
    assertThat(logs.err()).isEqualTo("e\n");
    assertThat(daemon.docker("logs", "--tail", "1", "logged").ok().err()).isEqualTo("e\n");
    assertThat(daemon.docker("logs", "-t", "logged").ok().lines())
        .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z [ab]"));
    assertThat(daemon.docker("logs", "--since", "1h", "logged").ok().out()).isEqualTo("a\nb\n");
    assertThat(daemon.docker("logs", "--until", "1h", "logged").ok().out()).isEmpty();
    daemon.docker("rm", "logged").ok();
  }

  @Test
  void aFollowedLogEndsWithTheContainer() throws Exception {
    daemon
        .docker(
            "run",
            "-d",
            "--name",
            "followed",
            "busybox",
            "sh",
            "-c",
            "for i in 1 2 3; do echo line $i; sleep 0.3; done")
        .ok();
    assertThat(daemon.docker("logs", "-f", "followed").ok().lines())
        .containsExactly("line 1", "line 2", "line 3");
    daemon.docker("rm", "followed").ok();
  }

  @Test
  void noLineIsLostInAFlood() throws Exception {
    assertThat(
            daemon.docker("run", "--name", "flood", "busybox", "seq", "1", "200000").ok().lines())
        .hasSize(200_000);
    assertThat(daemon.docker("logs", "flood").ok().lines())
        .hasSize(200_000)
        .last()
        .isEqualTo("200000");
    daemon.docker("rm", "flood").ok();
  }

  @Test
  void attachSeesWhatComesAfterIt() throws Exception {
    daemon
        .docker(
            "run", "-d", "-i", "--name", "attached", "busybox", "sh", "-c", "read x; echo got $x")
        .ok();
    assertThat(daemon.dockerWithInput("ping\n", "attach", "attached").ok().line())
        .isEqualTo("got ping");
    daemon.docker("rm", "attached").ok();
  }

  @Test
  void execRunsBesideTheContainer() throws Exception {
    daemon.docker("run", "-d", "--name", "host", "busybox", "sleep", "1000").ok();
    assertThat(daemon.docker("exec", "host", "echo", "hello").ok().out()).isEqualTo("hello\n");
    assertThat(daemon.docker("exec", "host", "sh", "-c", "exit 3").code()).isEqualTo(3);
    assertThat(daemon.dockerWithInput("abc", "exec", "-i", "host", "wc", "-c").ok().line())
        .isEqualTo("3");
    assertThat(
            daemon
                .docker(
                    "exec",
                    "-e",
                    "A=b",
                    "-w",
                    "/tmp",
                    "-u",
                    "12",
                    "host",
                    "sh",
                    "-c",
                    "echo $A $(pwd) $(id -u)")
                .ok()
                .line())
        .isEqualTo("b /tmp 12");
    daemon.docker("exec", "-d", "host", "touch", "/detached").ok();
    assertThat(daemon.docker("exec", "-t", "host", "tty").ok().line()).startsWith("/dev/pts/");
    assertThat(daemon.docker("exec", "host", "no-such-command").code()).isEqualTo(127);
    Program.Result nobody = daemon.docker("exec", "-u", "stranger", "host", "true");
    assertThat(nobody.code()).isEqualTo(1);
    assertThat(nobody.err()).contains("unable to find user stranger");
    daemon.docker("rm", "-f", "host").ok();
    assertThat(daemon.docker("exec", "host", "true").code()).isEqualTo(1);
  }

  @Test
  void outputOfAContainerThatEndsAtOnceIsNeverLost() throws Exception {
    for (int i = 0; i < 25; i++) {
      assertThat(daemon.docker("run", "--rm", "busybox", "echo", "n" + i).ok().out())
          .isEqualTo("n" + i + "\n");
    }
  }

  @Test
  void aBinaryStreamComesThroughWhole() throws Exception {
    byte[] bytes = new byte[20 << 20];
    new java.util.Random(7).nextBytes(bytes);
    Process process =
        Program.start(
            daemon.dockerCommand("run", "--rm", "-i", "busybox", "sha256sum"), Map.of(), null);
    CompletableFuture<String> out = Program.reading(process.getInputStream());
    try (var stdin = process.getOutputStream()) {
      stdin.write(bytes);
    }
    assertThat(out.join()).startsWith(io.djong.model.Digest.of(bytes).hex());
    assertThat(process.waitFor()).isZero();
  }
}
