package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `scripts/dist` makes: unpacked somewhere, with nothing around it that it was built with.
class DistributionTest {
  /// Does what a service manager does for a unit with a socket and `Type=notify`: opens the socket,
  /// starts the program with it, waits for READY, and in the end tells it to stop.
  private static final String SERVICE_MANAGER =
      """
      import os, signal, socket, subprocess, sys
      folder, program = sys.argv[1], sys.argv[2]
      listening = socket.socket(socket.AF_UNIX)
      listening.bind(folder + "/d.sock")
      listening.listen(16)
      told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      told.bind(folder + "/notify")
      told.settimeout(60)
      pid = os.fork()
      if pid == 0:
          os.dup2(listening.fileno(), 3)
          os.set_inheritable(3, True)
          log = os.open(folder + "/log", os.O_CREAT | os.O_WRONLY)
          os.dup2(log, 2)
          os.execve(program, [program, "daemon", "--host", "fd://", "--data-root", folder + "/data",
              "--exec-root", folder + "/exec"], {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
              "LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid()), "NOTIFY_SOCKET": folder + "/notify"})
      print(told.recv(100).decode())
      print(subprocess.run(["docker", "-H", "unix://" + folder + "/d.sock", "version", "--format",
          "{{.Server.APIVersion}}"], capture_output=True, text=True).stdout.strip())
      os.kill(pid, signal.SIGTERM)
      print(told.recv(100).decode())
      print(os.waitpid(pid, 0)[1])
      print(os.path.exists(folder + "/d.sock"))
      print(os.path.getsize(folder + "/log") and "unsupported" in open(folder + "/log").read())
      """;

  @TempDir static Path folder = Path.of("");
  private static Path program = Path.of("");

  @BeforeAll
  static void isMadeAndUnpackedElsewhere() throws Exception {
    Program.Result made =
        Program.run(
                List.of(LiveDaemon.REPOSITORY.resolve("scripts/dist").toString()), Map.of(), null)
            .ok();
    assertThat(made.lines()).anyMatch(line -> line.endsWith(".deb"));
    String archive =
        made.lines().stream().filter(line -> line.endsWith(".tar.gz")).findFirst().orElseThrow();
    Program.run(List.of("tar", "-C", folder.toString(), "-xf", archive), Map.of(), null).ok();
    Path unpacked;
    try (var entries = Files.list(folder)) {
      unpacked = entries.findFirst().orElseThrow();
    }
    program = Files.move(unpacked, folder.resolve("djong")).resolve("bin/djong");
  }

  @Test
  void itNeedsNoJavaOfTheMachines() throws Exception {
    Program.Result result =
        Program.run(
            List.of(
                "env",
                "-i",
                "PATH=/usr/bin:/bin",
                program.toString(),
                "--host",
                "unix:///nowhere",
                "version"),
            Map.of(),
            null);

    assertThat(result.out()).contains("Version:");
    assertThat(result.err()).contains("Cannot connect").doesNotContain("[error]");
  }

  @Test
  void aServiceManagerHandsItASocketAndHearsWhenItIsReadyAndWhenItEnds() throws Exception {
    Path run = Files.createTempDirectory(Path.of("/tmp"), "djong-dist-");

    Program.Result result =
        Program.run(
                List.of(
                    "/usr/bin/python3", "-c", SERVICE_MANAGER, run.toString(), program.toString()),
                Map.of(),
                null)
            .ok();

    assertThat(result.lines())
        .as(Files.readString(run.resolve("log")))
        .containsExactly("READY=1", "1.51", "STOPPING=1", "0", "True", "False");
    assertThat(Files.readString(run.resolve("log"))).doesNotContain("[error]");
  }
}
