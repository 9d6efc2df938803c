package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What happens to a container beside its own program: its monitor is killed or stands still, it
/// will not end, it multiplies, its files are taken away.
@ExtendWith(SharedDaemon.class)
class ContainerFaultsTest {
  private final LiveDaemon daemon;

  ContainerFaultsTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @AfterEach
  void removeAll() throws Exception {
    List<String> ids = daemon.docker("ps", "-aq", "--filter", "label=fault").ok().lines();
    for (String id : ids) {
      daemon.docker("rm", "-f", id).ok();
    }
    Aftermath.isClean(daemon);
  }

  private String run(String... words) throws Exception {
    List<String> command =
        Stream.concat(Stream.of("run", "-d", "--label", "fault"), Stream.of(words)).toList();
    return daemon.docker(command.toArray(String[]::new)).ok().line();
  }

  private String inspect(String format, String id) throws Exception {
    return daemon.docker("inspect", "-f", "{{" + format + "}}", id).ok().line();
  }

  private static long monitor(String id) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> words(pid).contains("conmon\0") && words(pid).contains("\0-u\0" + id + "\0"))
        .findFirst()
        .orElseThrow();
  }

  private static String words(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  private static void kill(String signal, long pid) throws Exception {
    Program.run(List.of("kill", "-" + signal, Long.toString(pid)), Map.of(), null).ok();
  }

  @Test
  void aKilledMonitorEndsNoContainerAndTheEndIsSeenAllTheSame() throws Exception {
    String id = run("busybox", "sh", "-c", "echo before; sleep 1000");
    Waiting.until("the first line", () -> daemon.docker("logs", id).out().equals("before\n"));
    kill("KILL", monitor(id));
    Waiting.until(
        "the loss is told",
        () -> daemon.log().contains("the monitor of container " + id.substring(0, 12)));
    assertThat(inspect(".State.Status", id)).isEqualTo("running");
    assertThat(daemon.docker("exec", id, "echo", "in").ok().line()).isEqualTo("in");
    assertThat(daemon.docker("logs", id).ok().out()).isEqualTo("before\n");
    kill("KILL", Long.parseLong(inspect(".State.Pid", id)));
    assertThat(daemon.docker("wait", id).ok().line()).isEqualTo("255");
    assertThat(inspect(".State.Status", id)).isEqualTo("exited");
  }

  @Test
  void aKilledMonitorsContainerIsStartedAgainByItsPolicy() throws Exception {
    String id = run("--restart", "always", "busybox", "sleep", "1000");
    String pid = inspect(".State.Pid", id);
    kill("KILL", monitor(id));
    kill("KILL", Long.parseLong(pid));
    Waiting.until(
        "it runs again",
        () ->
            inspect(".State.Status", id).equals("running")
                && !inspect(".State.Pid", id).equals(pid));
    assertThat(inspect(".RestartCount", id)).isEqualTo("1");
  }

  @Test
  void aContainerThatIgnoresItsStopSignalIsKilledInTheEnd() throws Exception {
    String id = run("busybox", "sh", "-c", "trap '' TERM; echo deaf; while true; do sleep 1; done");
    Waiting.until("it is deaf", () -> daemon.docker("logs", id).out().equals("deaf\n"));
    daemon.docker("stop", "-t", "1", id).ok();
    assertThat(inspect(".State.ExitCode", id)).isEqualTo("137");
  }

  @Test
  void aForkBombTakesNobodyWithIt() throws Exception {
    String other = run("busybox", "sleep", "1000");
    String bomb =
        run("--pids-limit", "40", "busybox", "sh", "-c", "b() { b | b & }; b; sleep 1000");
    Path pids = Path.of("/proc/" + inspect(".State.Pid", bomb) + "/cgroup");
    assertThat(Files.readString(pids)).contains(bomb);
    assertThat(daemon.docker("exec", other, "echo", "alive").ok().line()).isEqualTo("alive");
    daemon.docker("rm", "-f", bomb).ok();
  }

  @Test
  void orphansAreReapedByInit() throws Exception {
    String id =
        run("--init", "busybox", "sh", "-c", "for i in 1 2 3; do (sleep 0 & ); done; sleep 1000");
    Waiting.until(
        "no zombie is left",
        () ->
            !daemon
                .docker("exec", id, "sh", "-c", "cat /proc/[0-9]*/status")
                .out()
                .contains("Z (zombie)"));
    assertThat(daemon.docker("top", id).ok().lines()).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void aMonitorThatStandsStillHoldsUpNobodyForEver() throws Exception {
    String id = run("busybox", "sleep", "1000");
    long monitor = monitor(id);
    kill("STOP", monitor);
    try {
      Program.Result refused = daemon.docker("rm", "-f", id);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err()).contains("did not receive an exit event");
      assertThat(daemon.docker("run", "--rm", "busybox", "echo", "others").ok().line())
          .isEqualTo("others");
    } finally {
      kill("CONT", monitor);
    }
    daemon.docker("wait", id).ok();
    daemon.docker("rm", id).ok();
  }

  @Test
  void aContainerThatSomebodyElseHasFrozenIsRemovedAllTheSame() throws Exception {
    String id = run("busybox", "sleep", "1000");
    Program.Result found =
        Program.run(
            List.of("find", "/sys/fs/cgroup", "-path", "*" + id + "*", "-name", "freezer.state"),
            Map.of(),
            null);
    if (found.out().isEmpty()) {
      String v2 =
          Program.run(
                  List.of("find", "/sys/fs/cgroup", "-path", "*" + id + "/cgroup.freeze"),
                  Map.of(),
                  null)
              .line();
      Files.writeString(Path.of(v2), "1");
    } else {
      Files.writeString(Path.of(found.line()), "FROZEN");
    }
    daemon.docker("rm", "-f", id).ok();
  }

  @Test
  void aVolumeWhoseFolderWasTakenAwayIsToldAndStaysAVolume() throws Exception {
    daemon.docker("volume", "create", "lost").ok();
    String folder = daemon.docker("volume", "inspect", "-f", "{{.Mountpoint}}", "lost").ok().line();
    Files.delete(Path.of(folder));

    Program.Result ran =
        daemon.docker("run", "--rm", "--label", "fault", "-v", "lost:/v", "busybox", "true");

    assertThat(ran.code()).isNotZero();
    assertThat(ran.err()).contains("lost");
    assertThat(daemon.docker("volume", "ls", "-q").ok().lines()).contains("lost");
    daemon.docker("volume", "rm", "lost").ok();
  }
}
