package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Our own command line: the verbs of Docker, with the same shapes and exit codes.
@ExtendWith(SharedDaemon.class)
class OwnCommandLineTest {
  private final LiveDaemon daemon;
  @TempDir Path folder = Path.of("");

  OwnCommandLineTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @Test
  void aContainerGoesThroughItsLife() throws Exception {
    String id = daemon.djong("run", "-d", "--name", "own", "busybox", "sleep", "1000").ok().line();
    assertThat(daemon.djong("ps", "--no-trunc", "-q").ok().lines()).contains(id);
    assertThat(daemon.djong("exec", "own", "echo", "hello").ok().out()).isEqualTo("hello\n");
    assertThat(daemon.djong("exec", "own", "sh", "-c", "exit 5").code()).isEqualTo(5);
    assertThat(daemon.djong("inspect", "-f", "{{.State.Status}}", "own").ok().line())
        .isEqualTo("running");
    assertThat(daemon.djong("top", "own").ok().out()).contains("sleep 1000");
    daemon.djong("stop", "-t", "0", "own").ok();
    assertThat(daemon.djong("wait", "own").ok().line()).isEqualTo("137");
    daemon.djong("rename", "own", "owned").ok();
    daemon.djong("rm", "owned").ok();
  }

  @Test
  void portsArePublishedAndWithdrawnWhileAContainerRuns() throws Exception {
    daemon.djong("run", "-d", "--name", "ports", "-p", "48080:80", "busybox", "sleep", "1000").ok();
    daemon
        .djong(
            "container", "update", "--publish-add", "48081:81", "--publish-rm", "48080:80", "ports")
        .ok();
    assertThat(daemon.djong("port", "ports").ok().out())
        .contains("81/tcp -> 0.0.0.0:48081")
        .doesNotContain("48080");
    daemon.djong("run", "-d", "--name", "rival", "-p", "48080:80", "busybox", "sleep", "1000").ok();
    Program.Result taken = daemon.djong("update", "--publish-add", "48080:80", "ports");
    assertThat(taken.code()).isEqualTo(1);
    assertThat(taken.err()).contains("port is already allocated");
    assertThat(daemon.djong("port", "ports").ok().out()).contains("81/tcp -> 0.0.0.0:48081");
    daemon.djong("restart", "-t", "0", "ports").ok();
    assertThat(daemon.djong("port", "ports").ok().out()).contains("48081").doesNotContain("48080");
    daemon.djong("rm", "-f", "ports", "rival").ok();
  }

  @Test
  void theExitCodesOfRunAreDockers() throws Exception {
    assertThat(daemon.djong("run", "--rm", "busybox", "sh", "-c", "exit 42").code()).isEqualTo(42);
    assertThat(daemon.djong("run", "--rm", "busybox", "no-such-command").code()).isEqualTo(127);
    assertThat(daemon.djong("run", "--rm", "busybox", "/etc").code()).isEqualTo(126);
    Program.Result unknown = daemon.djong("run", "--rm", "no-such-image");
    assertThat(unknown.code()).isEqualTo(125);
    assertThat(unknown.err()).contains("image bootstrap");
  }

  @Test
  void filesGoInAndOutAndChangesAreCommitted() throws Exception {
    Files.writeString(folder.resolve("cargo"), "tea\n");
    daemon.djong("create", "--name", "owncp", "busybox", "cat", "/cargo").ok();
    daemon.djong("cp", folder.resolve("cargo").toString(), "owncp:/cargo").ok();
    assertThat(daemon.djong("start", "-a", "owncp").ok().out()).isEqualTo("tea\n");
    assertThat(daemon.djong("logs", "owncp").ok().out()).isEqualTo("tea\n");
    assertThat(daemon.djong("diff", "owncp").ok().lines()).containsExactly("A /cargo");
    daemon.djong("commit", "-m", "with tea", "owncp", "own:1").ok();
    assertThat(daemon.djong("history", "own:1").ok().out()).contains("with tea");
    assertThat(daemon.djong("run", "--rm", "own:1").ok().out()).isEqualTo("tea\n");
    daemon.djong("cp", "owncp:/cargo", folder.resolve("back").toString()).ok();
    assertThat(folder.resolve("back")).hasContent("tea\n");
    daemon.djong("rm", "owncp").ok();
    daemon.djong("rmi", "own:1").ok();
  }

  @Test
  void imagesAreListedForPeopleAndForPrograms() throws Exception {
    assertThat(daemon.djong("images").ok().lines().getFirst())
        .containsSubsequence("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE");
    assertThat(daemon.djong("images", "--format", "json").ok().lines())
        .allMatch(line -> line.startsWith("{") && line.endsWith("}"))
        .anyMatch(line -> line.contains("\"busybox\""));
  }

  @Test
  void anUnknownVerbIsRefusedWithASuggestion() throws Exception {
    Program.Result refused = daemon.djong("iamges");
    assertThat(refused.code()).isNotZero();
    assertThat(refused.err()).contains("images");
  }
}
