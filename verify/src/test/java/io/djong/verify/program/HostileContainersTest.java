package io.djong.verify.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.api.EngineClient;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.http.HttpClient;
import io.djong.http.HttpClient.Exchange;
import io.djong.verify.program.GuardedDaemon.Guarded;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Containers that run and mean no good: what they change while the daemon works on them does not
/// lead it, or the runtime, outside.
@ExtendWith(GuardedDaemon.class)
class HostileContainersTest {
  private static final int ROUNDS = 120;

  /// Puts a folder and a link to the host's in each other's place, for ever.
  private static final String SWAP =
      """
      import ctypes, os, sys
      libc = ctypes.CDLL(None)
      folder, target = sys.argv[1:]
      os.makedirs(folder + '/here', exist_ok=True)
      open(folder + '/here/secret', 'w').write('mine')
      os.symlink(target, folder + '/link')
      here, link = (folder + '/here').encode(), (folder + '/link').encode()
      print('begun', flush=True)
      while True:
          libc.renameat2(-100, here, -100, link, 2)
      """;

  private final LiveDaemon daemon;
  private final Path runtime;
  @TempDir Path folder = Path.of("");
  private Canary canary;

  HostileContainersTest(Guarded guarded) {
    this.daemon = guarded.daemon();
    this.runtime = guarded.runtime();
  }

  @BeforeEach
  void setOut() throws Exception {
    canary = new Canary(folder.resolve("canary"));
  }

  /// A container with the host's Python, which runs on.
  private String python(String options, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("run", "-d"));
    command.addAll(List.of("-v", "/usr:/usr:ro", "-v", "/lib:/lib:ro", "-v", "/lib64:/lib64:ro"));
    command.addAll(options.isEmpty() ? List.of() : List.of(options.split(" ", -1)));
    command.addAll(List.of("busybox", "/usr/bin/python3", "-c"));
    command.addAll(List.of(words));
    return daemon.docker(command.toArray(String[]::new)).ok().line();
  }

  private void awaitWord(String id, String word) throws Exception {
    Process logs = Program.start(daemon.dockerCommand("logs", "-f", id), java.util.Map.of(), null);
    try (var lines = logs.inputReader()) {
      assertThat(lines.readLine()).isEqualTo(word);
    } finally {
      logs.destroyForcibly().waitFor();
    }
  }

  @Test
  void foldersThatBecomeLinksWhileFilesAreCopiedLeadNowhere() throws Exception {
    String id = python("", SWAP, "/race", canary.folder().toString());
    awaitWord(id, "begun");
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    try (TarWriter writer = new TarWriter(tar)) {
      for (String name : List.of("secret", "new", "inside/secret")) {
        writer.put(
            TarEntry.file(name, 0600, 1, Instant.EPOCH), new ByteArrayInputStream(new byte[1]));
      }
    }
    int came = 0;
    int went = 0;
    try (EngineClient client = new EngineClient(HttpClient.of(daemon.host()))) {
      for (int i = 0; i < ROUNDS; i++) {
        for (String path : List.of("/race/here/secret", "/race/here", "/race/here/.", "/race")) {
          came += read(client, id, path);
        }
        went += write(client, id, "/race/here", tar.toByteArray());
      }
    }
    // Sometimes it was the folder: the race was run.
    assertThat(came).isPositive();
    assertThat(went).isPositive();
    canary.isUntouched();
    daemon.docker("rm", "-f", id).ok();
  }

  private static int read(EngineClient client, String id, String path) throws IOException {
    try (Exchange answer = client.copyOut(id, path)) {
      byte[] bytes = answer.body().readAllBytes();
      assertThat(new String(bytes, UTF_8)).doesNotContain(Canary.SECRET);
      client.statPath(id, path);
      return 1;
    } catch (IOException e) {
      return 0; // Refused, since it was the link, or has changed meanwhile.
    }
  }

  private static int write(EngineClient client, String id, String path, byte[] tar)
      throws IOException {
    try {
      client.copyIn(id, path, new ByteArrayInputStream(tar), false, false);
      return 1;
    } catch (IOException e) {
      return 0;
    }
  }

  @Test
  void foldersThatBecomeLinksWhileTheyAreMountedOnLeadNowhere() throws Exception {
    String id = python("-v shared:/race", SWAP, "/race", canary.folder().toString());
    awaitWord(id, "begun");
    for (int i = 0; i < 12; i++) {
      Program.Result ran =
          daemon.docker(
              "run",
              "--rm",
              "-v",
              "shared:/v",
              "-v",
              "other:/v/here",
              "--tmpfs",
              "/v/link/deep",
              "-w",
              "/v/here",
              "busybox",
              "sh",
              "-c",
              "touch /v/here/made ./made; cat /v/here/secret /v/link/secret");
      assertThat(ran.out()).doesNotContain(Canary.SECRET);
    }
    canary.isUntouched();
    daemon.docker("rm", "-f", id).ok();
    daemon.docker("volume", "rm", "shared", "other").ok();
  }

  @Test
  void theRuntimeIsNotOverwrittenFromInside() throws Exception {
    byte[] before = Files.readAllBytes(runtime);
    byte[] monitor = Files.readAllBytes(Path.of("/usr/bin/conmon"));
    new HostileImage().file("bin/itself", 0755, "#!/proc/self/exe\n").on(daemon, "itself");
    String id =
        daemon
            .docker(
                "run",
                "-d",
                "itself",
                "sh",
                "-c",
                "while true; do for p in /proc/[0-9]*/exe /proc/self/exe; do"
                    + " (echo overwritten > $p) 2> /dev/null; done; done")
            .ok()
            .line();
    for (int i = 0; i < 5; i++) {
      daemon.docker("exec", id, "/bin/true").ok();
      daemon.docker("exec", id, "/proc/self/exe", "init");
      daemon.docker("exec", id, "/bin/itself");
    }
    daemon.docker("run", "--rm", "itself", "/proc/self/exe", "init");
    daemon.docker("run", "--rm", "itself", "/bin/itself");
    assertThat(Files.readAllBytes(runtime)).isEqualTo(before);
    assertThat(Files.readAllBytes(Path.of("/usr/bin/conmon"))).isEqualTo(monitor);
    daemon.docker("rm", "-f", id).ok();
  }

  /// What a process sees of itself: its descriptors (the last is the folder that is read) and its
  /// capabilities.
  private static final String ITSELF =
      "ls /proc/self/fd | tr '\\n' ' '; grep -E 'CapInh|CapBnd|CapAmb' /proc/self/status";

  private static void isBare(String said) {
    assertThat(said.replaceAll("\\s+", " "))
        .contains(
            "0 1 2 3 CapInh: 0000000000000000 CapBnd: 00000000a80425fb CapAmb: 0000000000000000");
  }

  @Test
  void everyKindOfProcessHasThreeStreamsAndNoCapabilitiesToHandOn() throws Exception {
    String id =
        daemon
            .docker(
                "run",
                "-d",
                "--health-cmd",
                ITSELF,
                "--health-interval",
                "100ms",
                "busybox",
                "sh",
                "-c",
                ITSELF + "; sleep 1000")
            .ok()
            .line();
    isBare(daemon.docker("exec", id, "sh", "-c", ITSELF).ok().out());
    Files.writeString(
        folder.resolve("Dockerfile"), "FROM busybox\nRUN (" + ITSELF + ") > /itself\n");
    daemon.djong("build", "-t", "itself:built", folder.toString()).ok();
    isBare(daemon.docker("run", "--rm", "itself:built", "cat", "/itself").ok().out());
    isBare(daemon.docker("logs", id).ok().out());
    Waiting.until(
        "the health check",
        () ->
            daemon.docker("inspect", "-f", "{{json .State.Health.Log}}", id).out().contains("Cap"));
    isBare(
        daemon
            .docker("inspect", "-f", "{{range .State.Health.Log}}{{.Output}}{{end}}", id)
            .ok()
            .out());
    daemon.docker("rm", "-f", id).ok();
  }

  @Test
  void whatTheKernelTellsOfTheHostIsMasked() throws Exception {
    String masked =
        "/proc/acpi /proc/asound /proc/interrupts /proc/kcore /proc/keys /proc/latency_stats"
            + " /proc/sched_debug /proc/scsi /proc/timer_list /proc/timer_stats"
            + " /sys/devices/virtual/powercap /sys/firmware"
            + " /sys/devices/system/cpu/cpu*/thermal_throttle";
    assertThat(
            daemon
                .docker(
                    "run",
                    "--rm",
                    "busybox",
                    "sh",
                    "-c",
                    "for f in "
                        + masked
                        + "; do [ -e $f ] || continue; if [ -d $f ]; then n=$(ls -A $f | wc -l);"
                        + " else n=$(head -c 100 $f 2>/dev/null | wc -c); fi;"
                        + " [ $n = 0 ] || echo open $f; done")
                .ok()
                .out())
        .isEmpty();
    assertThat(
            daemon
                .docker(
                    "run",
                    "--rm",
                    "busybox",
                    "sh",
                    "-c",
                    "for f in /proc/sysrq-trigger /proc/sys/kernel/domainname"
                        + " /proc/irq/default_smp_affinity /sys/fs/cgroup/pids/cgroup.procs"
                        + " /sys/kernel/profiling; do"
                        + " (echo h > $f) 2> /dev/null && echo written $f; done; true")
                .ok()
                .out())
        .isEmpty();
  }

  private static final String CALLS =
      """
      import ctypes, errno, os
      libc = ctypes.CDLL(None, use_errno=True)
      def call(name, number, *args):
          ctypes.set_errno(0)
          result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) for a in args])
          if result == 0 and name.startswith('clone'): os._exit(0)
          print(name, 'done' if result >= 0 else errno.errorcode[ctypes.get_errno()])
      upper = 1 << 32
      for domain in (38, 40):
          call('socket-%d' % domain, 41, domain, 5, 0)
          call('socket-%d-upper' % domain, 41, domain | upper, 5, 0)
      call('io_uring_setup', 425, 1, 0)
      call('userfaultfd', 323, 0)
      call('add_key', 248, 0, 0, 0, 0, 0)
      call('keyctl', 250, 0, -3, 0, 0, 0)
      call('bpf', 321, 0, 0, 0)
      call('perf_event_open', 298, 0, 0, -1, -1, 0)
      call('unshare-user', 272, 0x10000000)
      call('unshare-user-upper', 272, 0x10000000 | upper)
      call('unshare-mount', 272, 0x00020000)
      call('clone-user', 56, 0x10000000 | 17, 0, 0, 0, 0)
      call('clone3', 435, 0, 0)
      call('setns', 308, -1, 0)
      call('mount', 165, 0, 0, 0, 0, 0)
      call('umount2', 166, 0, 0)
      call('open_tree', 428, -100, 0, 0)
      call('move_mount', 429, -1, 0, -1, 0, 0)
      call('fsopen', 430, 0, 0)
      call('open_by_handle_at', 304, -1, 0, 0)
      call('init_module', 175, 0, 0, 0)
      call('kexec_load', 246, 0, 0, 0, 0)
      call('reboot', 169, 0, 0, 0, 0)
      call('swapon', 167, 0, 0)
      call('acct', 163, 0)
      call('settimeofday', 164, 0, 0)
      call('iopl', 172, 3)
      call('quotactl', 179, 0, 0, 0, 0)
      call('personality', 135, 0x0200000)
      """;

  @Test
  void callsThatReachDeepIntoTheKernelAreFiltered() throws Exception {
    String id = python("", CALLS);
    assertThat(daemon.docker("wait", id).ok().line()).isEqualTo("0");
    List<String> said = daemon.docker("logs", id).ok().lines();

    assertThat(said).hasSizeGreaterThan(30);
    assertThat(said)
        .allSatisfy(line -> assertThat(line).matches("\\S+ (EPERM|ENOSYS|EACCES|EAFNOSUPPORT)"));
    assertThat(said).contains("clone3 ENOSYS");
    daemon.docker("rm", id).ok();
  }
}
