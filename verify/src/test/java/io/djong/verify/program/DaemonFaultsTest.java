package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What happens to the daemon itself: the machine is started anew, its descriptors run out, it is
/// ended while much runs, its folders cannot be written.
class DaemonFaultsTest {
  /// Becomes the daemon in a mount namespace in which the kernel tells of another boot.
  private static List<String> afterReboot(Path folder) throws IOException {
    Path id = folder.resolve("boot_id");
    Files.writeString(id, "11111111-2222-3333-4444-555555555555\n");
    return List.of(
        "unshare",
        "-m",
        "sh",
        "-c",
        "mount --bind " + id + " /proc/sys/kernel/random/boot_id && exec \"$@\"",
        "sh");
  }

  private static void kill(String signal, List<Long> pids) throws Exception {
    for (long pid : pids) {
      Program.run(List.of("kill", "-" + signal, Long.toString(pid)), Map.of(), null);
    }
  }

  private static List<Long> monitors(LiveDaemon daemon) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> words(pid).startsWith("/usr/bin/conmon\0"))
        .filter(pid -> words(pid).contains(daemon.folder() + "/"))
        .toList();
  }

  private static String words(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  private static String state(LiveDaemon daemon, String name) throws Exception {
    return daemon
        .docker("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", name)
        .ok()
        .line();
  }

  /// Ends all that a reboot ends, and empties the exec root.
  private static void reboot(LiveDaemon daemon, String... names) throws Exception {
    List<Long> pids = new ArrayList<>();
    for (String name : names) {
      pids.add(Long.valueOf(daemon.docker("inspect", "-f", "{{.State.Pid}}", name).ok().line()));
    }
    pids.addAll(monitors(daemon));
    daemon.kill();
    kill("KILL", pids);
    String below = daemon.execRoot().toString();
    List<String> places =
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
            .map(line -> line.split(" ", -1)[4])
            .filter(place -> place.startsWith(below + "/"))
            .toList();
    for (String place : places.reversed()) {
      Program.run(List.of("umount", "-l", place), Map.of(), null).ok();
    }
    Program.run(List.of("rm", "-rf", below), Map.of(), null).ok();
  }

  @Test
  void afterARebootNothingCountsAsRunningAndPoliciesHold() throws Exception {
    try (LiveDaemon daemon = LiveDaemon.withBusybox()) {
      daemon.docker("run", "-d", "--name", "plain", "busybox", "sleep", "1000").ok();
      daemon.docker("run", "-d", "--name", "ended", "busybox", "sh", "-c", "exit 3").ok();
      daemon.docker("wait", "ended").ok();
      String policy = "--restart=always";
      daemon.docker("run", "-d", "--name", "always", policy, "busybox", "sleep", "1000").ok();
      daemon
          .docker(
              "run",
              "-d",
              "--name",
              "stopped",
              "--restart=unless-stopped",
              "busybox",
              "sleep",
              "1000")
          .ok();
      daemon.docker("stop", "-t", "0", "stopped").ok();
      daemon.docker("run", "-d", "--rm", "--name", "gone", "busybox", "sleep", "1000").ok();
      daemon.docker("exec", "plain", "sh", "-c", "echo kept > /kept; sync").ok();
      reboot(daemon, "plain", "always", "gone");

      daemon.launchUnder(afterReboot(daemon.folder()));

      assertThat(state(daemon, "plain")).isEqualTo("exited 255");
      assertThat(state(daemon, "ended")).isEqualTo("exited 3");
      assertThat(state(daemon, "stopped")).isEqualTo("exited 137");
      assertThat(daemon.docker("inspect", "gone").code()).isEqualTo(1);
      Waiting.until("it runs again", () -> state(daemon, "always").equals("running 0"));
      assertThat(
              daemon
                  .docker(
                      "network",
                      "inspect",
                      "-f",
                      "{{range .Containers}}{{.Name}} {{end}}",
                      "bridge")
                  .ok()
                  .line())
          .isEqualTo("always");
      assertThat(daemon.docker("start", "plain").ok().line()).isEqualTo("plain");
      assertThat(daemon.docker("exec", "plain", "cat", "/kept").ok().line()).isEqualTo("kept");
      assertThat(daemon.djong("system", "fsck").ok().out()).contains("all is well");
    }
  }

  @Test
  void withoutDescriptorsNoEndIsLostAndItRecoversByItself() throws Exception {
    try (LiveDaemon daemon = LiveDaemon.startUnder(List.of("prlimit", "--nofile=300:300"))) {
      daemon.bringBusybox();
      String ends = daemon.docker("run", "-d", "busybox", "sleep", "1000").ok().line();
      String stays = daemon.docker("run", "-d", "busybox", "sleep", "1000").ok().line();
      long pid = Long.parseLong(daemon.docker("inspect", "-f", "{{.State.Pid}}", ends).ok().line());
      List<SocketChannel> many = new ArrayList<>();
      try {
        UnixDomainSocketAddress address =
            UnixDomainSocketAddress.of(daemon.host().substring("unix://".length()));
        for (int i = 0; i < 350; i++) {
          SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
          many.add(channel);
          channel.configureBlocking(false);
          channel.connect(address);
        }
        Path descriptors = Path.of("/proc/" + daemon.pid() + "/fd");
        Waiting.until(
            "none is left",
            () -> {
              try (var all = Files.list(descriptors)) {
                return all.count() >= 299;
              }
            });
        kill("KILL", List.of(pid));
        Waiting.until("its monitor has ended", () -> monitors(daemon).size() == 1);
      } finally {
        for (SocketChannel each : many) {
          each.close();
        }
      }
      assertThat(daemon.docker("wait", ends).ok().line()).isEqualTo("137");
      assertThat(daemon.docker("exec", stays, "echo", "well").ok().line()).isEqualTo("well");
      assertThat(daemon.docker("run", "--rm", "busybox", "echo", "well").ok().line())
          .isEqualTo("well");
      Aftermath.isClean(daemon);
    }
  }

  @Test
  void anOrderlyEndWithManyContainersIsQuickAndStopsNone() throws Exception {
    try (LiveDaemon daemon = LiveDaemon.withBusybox()) {
      for (int i = 0; i < 12; i++) {
        daemon.docker("run", "-d", "--network", "none", "busybox", "sleep", "1000").ok();
      }
      Process follower =
          Program.start(
              daemon.dockerCommand("logs", "-f", daemon.docker("ps", "-lq").ok().line()),
              Map.of(),
              null);
      assertThat(daemon.terminate()).isZero();
      follower.waitFor();
      assertThat(monitors(daemon)).hasSize(12);
      daemon.launch();
      assertThat(daemon.docker("ps", "-q").ok().lines()).hasSize(12);
      Aftermath.isClean(daemon);
    }
  }

  @Test
  void aDataRootThatCannotBeWrittenIsRefusedWithItsReason() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("/tmp"), "djong-still-");
    try {
      Program.run(
              List.of("mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", folder.toString()),
              Map.of(),
              null)
          .ok();
      Program.Result refused =
          Program.run(
              List.of(
                  LiveDaemon.REPOSITORY.resolve("djong").toString(),
                  "daemon",
                  "--data-root",
                  folder.resolve("data").toString(),
                  "--exec-root",
                  folder + "-exec",
                  "--host",
                  "unix://" + folder + ".sock"),
              Map.of(),
              null);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err())
          .contains(folder.resolve("data").toString())
          .containsIgnoringCase("read-only");
    } finally {
      Program.run(List.of("umount", folder.toString()), Map.of(), null).ok();
      Files.delete(folder);
    }
  }
}
