package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The life of a container, by the stock docker command line.
@ExtendWith(SharedDaemon.class)
class DockerLifecycleTest {
  private final LiveDaemon daemon;

  DockerLifecycleTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @Test
  void versionAndInfoAnswerWithoutWarningsOfTheClient() throws Exception {
    Program.Result version = daemon.docker("version", "--format", "{{.Server.APIVersion}}").ok();
    assertThat(version.line()).isEqualTo("1.51");
    assertThat(daemon.docker("info").ok().out())
        .contains("Storage Driver: erofs", "Reason: works here");
  }

  @Test
  void runPrintsWhatTheCommandSaysAndEndsAsItEnds() throws Exception {
    assertThat(daemon.docker("run", "--rm", "busybox", "echo", "ahoy").ok().out())
        .isEqualTo("ahoy\n");
    assertThat(daemon.docker("run", "--rm", "busybox", "sh", "-c", "exit 42").code()).isEqualTo(42);
  }

  @Test
  void theExitCodesOfRunAreDockers() throws Exception {
    Program.Result missing = daemon.docker("run", "--rm", "busybox", "no-such-command");
    assertThat(missing.code()).isEqualTo(127);
    assertThat(missing.err()).contains("executable file not found in $PATH");
    Program.Result folder = daemon.docker("run", "--rm", "busybox", "/etc");
    assertThat(folder.code()).isEqualTo(126);
    assertThat(daemon.docker("run", "--rm", "no-such-image").code()).isEqualTo(125);
    assertThat(daemon.docker("run", "--no-such-flag", "busybox").code()).isEqualTo(125);
  }

  @Test
  void runWithInteractiveInputIsAPipe() throws Exception {
    assertThat(
            daemon
                .dockerWithInput("one\ntwo\n", "run", "--rm", "-i", "busybox", "wc", "-l")
                .ok()
                .line())
        .isEqualTo("2");
  }

  @Test
  void stdoutAndStderrStayApart() throws Exception {
    Program.Result both =
        daemon.docker("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2").ok();
    assertThat(both.out()).isEqualTo("out\n");
    assertThat(both.err()).isEqualTo("err\n");
  }

  @Test
  void aDetachedContainerGoesThroughItsLife() throws Exception {
    String id =
        daemon.docker("run", "-d", "--name", "life", "busybox", "sleep", "1000").ok().line();
    assertThat(id).hasSize(64);
    assertThat(daemon.docker("ps", "--format", "{{.Names}} {{.Status}}").ok().lines())
        .anyMatch(line -> line.startsWith("life Up "));
    assertThat(state("life")).isEqualTo("running");
    daemon.docker("pause", "life").ok();
    assertThat(state("life")).isEqualTo("paused");
    daemon.docker("unpause", "life").ok();
    assertThat(daemon.docker("top", "life").ok().out()).contains("sleep 1000");
    daemon.docker("stop", "-t", "1", "life").ok();
    assertThat(state("life")).isEqualTo("exited");
    assertThat(daemon.docker("wait", "life").ok().line()).isEqualTo("137");
    daemon.docker("start", "life").ok();
    daemon.docker("restart", "-t", "0", "life").ok();
    assertThat(state("life")).isEqualTo("running");
    daemon.docker("kill", "--signal", "KILL", "life").ok();
    assertThat(daemon.docker("wait", "life").ok().line()).isEqualTo("137");
    daemon.docker("rename", "life", "afterlife").ok();
    assertThat(daemon.docker("ps", "-aq", "--no-trunc", "--filter", "name=afterlife").ok().line())
        .isEqualTo(id);
    daemon.docker("rm", "afterlife").ok();
    Program.Result gone = daemon.docker("inspect", "afterlife");
    assertThat(gone.code()).isEqualTo(1);
    assertThat(gone.err()).contains("No such object: afterlife");
  }

  @Test
  void aHealthCheckShowsInTheList() throws Exception {
    daemon
        .docker(
            "run",
            "-d",
            "--name",
            "well",
            "--health-cmd",
            "true",
            "--health-interval",
            "50ms",
            "--restart",
            "unless-stopped",
            "busybox",
            "sleep",
            "1000")
        .ok();
    String status = "";
    for (int tries = 0; tries < 200 && !status.contains("(healthy)"); tries++) {
      status = daemon.docker("ps", "--filter", "name=well", "--format", "{{.Status}}").ok().out();
    }
    assertThat(status).contains("(healthy)");
    daemon.docker("rm", "-f", "well").ok();
  }

  @Test
  void aCreatedContainerStartsAttached() throws Exception {
    daemon.docker("create", "--name", "created", "busybox", "echo", "from create").ok();
    assertThat(state("created")).isEqualTo("created");
    assertThat(daemon.docker("start", "-a", "created").ok().line()).isEqualTo("from create");
    assertThat(daemon.docker("start", "-a", "created").ok().line()).isEqualTo("from create");
    daemon.docker("rm", "created").ok();
  }

  @Test
  void aNameThatIsTakenIsRefusedInDockersWords() throws Exception {
    daemon.docker("create", "--name", "taken", "busybox").ok();
    Program.Result second = daemon.docker("create", "--name", "taken", "busybox");
    assertThat(second.code()).isEqualTo(1);
    assertThat(second.err())
        .contains("Conflict. The container name \"/taken\" is already in use by container");
    daemon.docker("rm", "taken").ok();
  }

  @Test
  void aRunningContainerIsRemovedOnlyByForce() throws Exception {
    daemon.docker("run", "-d", "--name", "stubborn", "busybox", "sleep", "1000").ok();
    assertThat(daemon.docker("rm", "stubborn").code()).isEqualTo(1);
    daemon.docker("rm", "-f", "stubborn").ok();
    assertThat(daemon.docker("ps", "-aq", "--filter", "name=stubborn").ok().out()).isEmpty();
  }

  @Test
  void listsAreNarrowedByFilters() throws Exception {
    daemon.docker("create", "--name", "f1", "--label", "fleet=a", "busybox").ok();
    daemon.docker("create", "--name", "f2", "--label", "fleet=b", "busybox").ok();
    assertThat(
            daemon
                .docker("ps", "-a", "--filter", "label=fleet=a", "--format", "{{.Names}}")
                .ok()
                .line())
        .isEqualTo("f1");
    assertThat(
            daemon.docker("ps", "-a", "-n", "1", "--format", "{{.Names}} {{.Status}}").ok().lines())
        .hasSize(1);
    assertThat(
            daemon
                .docker("ps", "-a", "--filter", "label=fleet", "--filter", "status=created", "-q")
                .ok()
                .lines())
        .hasSize(2);
    daemon.docker("rm", "f1", "f2").ok();
  }

  @Test
  void eventsTellTheStoryOfAContainer() throws Exception {
    String since = Long.toString(System.currentTimeMillis() / 1000 - 1);
    daemon.docker("run", "--rm", "--name", "told", "busybox", "true").ok();
    String until = Long.toString(System.currentTimeMillis() / 1000 + 1);
    assertThat(
            daemon
                .docker(
                    "events",
                    "--since",
                    since,
                    "--until",
                    until,
                    "--filter",
                    "container=told",
                    "--format",
                    "{{.Action}}")
                .ok()
                .lines())
        .containsSubsequence("create", "start", "die", "destroy");
  }

  private String state(String name) throws Exception {
    return daemon.docker("inspect", "--format", "{{.State.Status}}", name).ok().line();
  }
}
