package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What `--log-opt` says.
@ExtendWith(SharedDaemon.class)
class DockerLogOptionsTest {
  private final LiveDaemon daemon;

  DockerLogOptionsTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  private Path log(String container) throws Exception {
    return Path.of(daemon.docker("inspect", "-f", "{{.LogPath}}", container).ok().line());
  }

  @Test
  void fullFilesArePackedAndReadAsIfTheyWereNot() throws Exception {
    daemon
        .docker(
            "run",
            "-d",
            "--name",
            "packed",
            "--log-opt",
            "compress=true",
            "--log-opt",
            "max-size=100k",
            "--log-opt",
            "max-file=20",
            "busybox",
            "sh",
            "-c",
            "i=0; while [ $i -lt 10 ]; do seq $((i*1000+1)) $((i*1000+1000)); i=$((i+1));"
                + " usleep 50000; done; sleep 1000")
        .ok();
    Path first = log("packed");
    Path packed = first.resolveSibling(first.getFileName() + ".1.gz");
    while (Files.notExists(packed)
        || daemon.docker("logs", "--tail", "1", "packed").ok().out().compareTo("10000\n") != 0) {
      Thread.onSpinWait();
    }
    assertThat(daemon.docker("logs", "packed").ok().lines())
        .hasSize(10_000)
        .startsWith("1")
        .endsWith("10000");
    assertThat(daemon.docker("logs", "--tail", "9000", "packed").ok().lines())
        .hasSize(9_000)
        .startsWith("1001");
    daemon.docker("rm", "-f", "packed").ok();
    assertThat(first.getParent()).doesNotExist();
  }

  @Test
  void whatTheOptionsNameIsShownAsDetails() throws Exception {
    daemon
        .docker(
            "run",
            "--name",
            "detailed",
            "--label",
            "ship=argo",
            "-e",
            "SEA=aegean sea",
            "--log-opt",
            "labels=ship,none",
            "--log-opt",
            "env-regex=^SE",
            "--log-opt",
            "tag={{.Name}}",
            "busybox",
            "echo",
            "ahoy")
        .ok();
    assertThat(daemon.docker("logs", "--details", "detailed").ok().out())
        .isEqualTo("SEA=aegean+sea,ship=argo,tag=detailed ahoy\n");
    daemon.docker("rm", "detailed").ok();
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() throws Exception {
    assertThat(daemon.docker("create", "--log-opt", "compress=maybe", "busybox").err())
        .contains("strconv.ParseBool: parsing \"maybe\": invalid syntax");
    assertThat(
            daemon
                .docker("create", "--log-opt", "compress=1", "--log-opt", "max-file=1", "busybox")
                .err())
        .contains("compress cannot be true when max-file is less than 2");
    if (Files.notExists(Path.of("/run/systemd/journal/socket"))) {
      assertThat(daemon.docker("run", "--rm", "--log-driver", "journald", "busybox", "true").err())
          .contains("failed to initialize logging driver: journald is not enabled on this host");
    }
  }
}
