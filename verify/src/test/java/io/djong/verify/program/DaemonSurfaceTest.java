package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.verify.program.GuardedDaemon.Guarded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What of the daemon others can reach: its sockets, its folders, its environment.
@ExtendWith(GuardedDaemon.class)
class DaemonSurfaceTest {
  private final LiveDaemon daemon;
  @TempDir Path folder = Path.of("");

  DaemonSurfaceTest(Guarded guarded) {
    this.daemon = guarded.daemon();
  }

  @Test
  void nothingListensButItsSocketAndNoSocketHasAnAbstractName() throws Exception {
    String id =
        daemon
            .docker(
                "run", "-d", "-it", "-p", "127.0.0.1::80", "--health-cmd", "true", "busybox", "sh")
            .ok()
            .line();
    List<Long> ours = processes();
    assertThat(ours).hasSizeGreaterThan(1);
    for (long pid : ours) {
      Set<String> sockets = sockets(pid);
      assertThat(listening(pid, sockets)).as("process %d", pid).isEmpty();
      assertThat(abstractNames(pid, sockets)).as("process %d", pid).isEmpty();
    }
    daemon.docker("rm", "-f", id).ok();
  }

  /// The daemon and its monitors.
  private List<Long> processes() {
    String root = daemon.folder().toString();
    return ProcessHandle.allProcesses()
        .filter(process -> commandLine(process.pid()).contains(root))
        .filter(process -> commandLine(process.pid()).matches("(?s).*(conmon|java)\0.*"))
        .map(ProcessHandle::pid)
        .toList();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  private static Set<String> sockets(long pid) throws IOException {
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.exists(descriptor, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith("socket:[")) {
            inodes.add(target.substring(8, target.length() - 1));
          }
        }
      }
    } catch (java.nio.file.NoSuchFileException e) {
      return inodes;
    }
    return inodes;
  }

  private static List<String> listening(long pid, Set<String> sockets) throws IOException {
    String listens = "0A";
    Stream<String> all = Stream.of();
    for (String family : List.of("tcp", "tcp6")) {
      all =
          Stream.concat(
              all, Files.readAllLines(Path.of("/proc/" + pid + "/net/" + family)).stream());
    }
    return all.map(line -> line.strip().split(" +", -1))
        .filter(fields -> fields[3].equals(listens) && sockets.contains(fields[9]))
        // A published port is held by a socket that is bound and listens at the address that was
        // asked for, so that nobody else takes it.
        .filter(fields -> !fields[1].startsWith("0100007F:"))
        .map(fields -> fields[1])
        .toList();
  }

  private static List<String> abstractNames(long pid, Set<String> sockets) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/net/unix")).stream()
        .map(line -> line.strip().split(" +", -1))
        .filter(fields -> fields.length > 7 && sockets.contains(fields[6]))
        .map(fields -> fields[7])
        .filter(name -> name.startsWith("@"))
        .toList();
  }

  @Test
  void strangersReadNeitherTheSocketNorTheFolders() throws Exception {
    daemon
        .docker("run", "--name", "inside", "-v", "hold:/hold", "busybox", "touch", "/hold/x")
        .ok();
    Path socket = daemon.folder().resolve("d.sock");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
    // JUnit and the daemon's folder are root's alone: only what lies below is looked at.
    Files.setPosixFilePermissions(daemon.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
    for (Path root : List.of(daemon.dataRoot(), daemon.execRoot())) {
      Program.Result found =
          Program.run(
              List.of(
                  "setpriv",
                  "--reuid=65534",
                  "--regid=65534",
                  "--clear-groups",
                  "find",
                  root.toString(),
                  "-mindepth",
                  "1",
                  "(",
                  "-type",
                  "f",
                  "-o",
                  "-type",
                  "d",
                  ")",
                  "-readable"),
              Map.of(),
              null);
      assertThat(found.out()).as(root.toString()).isEmpty();
    }
    Program.Result asked =
        Program.run(
            List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "docker",
                "--host",
                daemon.host(),
                "ps"),
            Map.of("HOME", "/nonexistent"),
            null);
    assertThat(asked.code()).isNotZero();
    assertThat(asked.err()).contains("permission denied");
    daemon.docker("rm", "-v", "inside").ok();
    daemon.docker("volume", "rm", "hold").ok();
  }

  @Test
  void theDaemonsEnvironmentIsHeardNowhere() throws Exception {
    Files.writeString(folder.resolve("Dockerfile"), "FROM busybox\nRUN env > /env\n");
    daemon.djong("build", "-t", "env:1", folder.toString()).ok();
    String id = daemon.docker("run", "-d", "busybox", "sleep", "1000").ok().line();
    for (Program.Result said :
        List.of(
            daemon.docker("run", "--rm", "busybox", "env").ok(),
            daemon.docker("exec", id, "env").ok(),
            daemon.docker("run", "--rm", "env:1", "cat", "/env").ok(),
            daemon.docker("inspect", id).ok(),
            daemon.docker("info").ok(),
            daemon.docker("pull", "127.0.0.1:1/none:1"))) {
      assertThat(said.out() + said.err()).doesNotContain(GuardedDaemon.PASSWORD);
    }
    Path monitor =
        processes().stream()
            .filter(pid -> pid != daemon.pid())
            .map(pid -> Path.of("/proc/" + pid + "/environ"))
            .findFirst()
            .orElseThrow();
    assertThat(Files.readString(monitor)).doesNotContain(GuardedDaemon.PASSWORD);
    Program.Result found =
        Program.run(
            List.of("grep", "-rlsaF", GuardedDaemon.PASSWORD, daemon.folder().toString()),
            Map.of(),
            null);
    assertThat(found.out()).isEmpty();
    daemon.docker("rm", "-f", id).ok();
    daemon.docker("rmi", "env:1").ok();
  }

  @Test
  void noNameNoLabelAndNoLogLineMovesTheTerminalOfWhoLists() throws Exception {
    String escape = "\u001b]0;owned\u0007\u001b[2J";
    String id =
        daemon
            .docker(
                "run",
                "-d",
                "--label",
                "l=" + escape,
                "-e",
                "E=" + escape,
                "busybox",
                "echo",
                escape)
            .ok()
            .line();
    daemon.docker("wait", id).ok();
    daemon.docker("commit", "-m", escape, id, "escape:1").ok();
    for (List<String> command :
        List.of(
            List.of("ps", "-a", "--no-trunc"),
            List.of("history", "--no-trunc", "escape:1"),
            List.of("container", "inspect", "--security", id))) {
      // script(1) gives it a terminal.
      Program.Result shown =
          Program.run(
              List.of(
                  "script",
                  "-qec",
                  LiveDaemon.REPOSITORY.resolve("djong")
                      + " --host "
                      + daemon.host()
                      + " "
                      + String.join(" ", command),
                  "/dev/null"),
              Map.of("TERM", "dumb"),
              null);
      assertThat(shown.out()).as(command.toString()).doesNotContain("\u001b]0;", "\u001b[2J");
    }
    assertThat(daemon.log().lines()).allSatisfy(line -> assertThat(line).doesNotContain("\u001b"));
    daemon.docker("rm", id).ok();
    daemon.docker("rmi", "escape:1").ok();
  }
}
