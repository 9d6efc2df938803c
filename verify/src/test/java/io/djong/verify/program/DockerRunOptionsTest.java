package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What `docker run` may ask for, seen from inside of the container.
@ExtendWith(SharedDaemon.class)
class DockerRunOptionsTest {
  private final LiveDaemon daemon;
  @TempDir Path folder = Path.of("");

  DockerRunOptionsTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  private String run(String... arguments) throws Exception {
    String[] all = new String[arguments.length + 2];
    all[0] = "run";
    all[1] = "--rm";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return daemon.docker(all).ok().line();
  }

  @Test
  void environmentWorkingFolderUserAndHostname() throws Exception {
    assertThat(run("-e", "CARGO=tea", "busybox", "sh", "-c", "echo $CARGO")).isEqualTo("tea");
    assertThat(run("-w", "/var/new", "busybox", "pwd")).isEqualTo("/var/new");
    assertThat(run("-u", "1234:567", "busybox", "id")).contains("uid=1234").contains("gid=567");
    assertThat(run("--hostname", "djong", "busybox", "hostname")).isEqualTo("djong");
    assertThat(run("--entrypoint", "echo", "busybox", "as", "argument")).isEqualTo("as argument");
  }

  @Test
  void aBindMountIsTheHostsFolder() throws Exception {
    Files.writeString(folder.resolve("in"), "from the host");
    assertThat(run("-v", folder + ":/mnt", "busybox", "cat", "/mnt/in")).isEqualTo("from the host");
    run("-v", folder + ":/mnt", "busybox", "sh", "-c", "echo back > /mnt/out");
    assertThat(Files.readString(folder.resolve("out"))).isEqualTo("back\n");
    Program.Result refused =
        daemon.docker("run", "--rm", "-v", folder + ":/mnt:ro", "busybox", "touch", "/mnt/x");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("Read-only file system");
  }

  @Test
  void aMountWithoutItsSourceIsRefused() throws Exception {
    Program.Result refused =
        daemon.docker(
            "run", "--rm", "--mount", "type=bind,src=/no/such/folder,dst=/mnt", "busybox", "true");
    assertThat(refused.code()).isEqualTo(125);
    assertThat(refused.err()).contains("bind source path does not exist: /no/such/folder");
  }

  @Test
  void aNamedVolumeOutlivesItsContainers() throws Exception {
    run("-v", "hold:/hold", "busybox", "sh", "-c", "echo kept > /hold/file");
    assertThat(run("-v", "hold:/hold", "busybox", "cat", "/hold/file")).isEqualTo("kept");
    daemon.docker("volume", "rm", "hold").ok();
  }

  @Test
  void aReadOnlyRootHasWritableTmpfs() throws Exception {
    assertThat(
            run(
                "--read-only",
                "--tmpfs",
                "/scratch",
                "busybox",
                "sh",
                "-c",
                "touch /x 2>/dev/null || echo ro; touch /scratch/x && echo rw"))
        .isEqualTo("ro\nrw");
  }

  @Test
  void theDefaultProfileIsDockers() throws Exception {
    assertThat(run("busybox", "grep", "-E", "CapBnd|CapInh|CapAmb|Seccomp:", "/proc/self/status"))
        .contains("CapInh:\t0000000000000000")
        .contains("CapBnd:\t00000000a80425fb")
        .contains("CapAmb:\t0000000000000000")
        .contains("Seccomp:\t2");
    assertThat(
            run(
                "--cap-drop",
                "ALL",
                "--cap-add",
                "CHOWN",
                "busybox",
                "grep",
                "CapEff",
                "/proc/self/status"))
        .endsWith("0000000000000001");
    assertThat(run("busybox", "sh", "-c", "cat /proc/kcore 2>/dev/null | wc -c")).isEqualTo("0");
    assertThat(run("busybox", "sh", "-c", "echo 1 > /proc/sys/kernel/pid_max || echo refused"))
        .contains("refused");
    assertThat(run("--privileged", "busybox", "grep", "Seccomp:", "/proc/self/status"))
        .isEqualTo("Seccomp:\t0");
  }

  @Test
  void onlyTheThreeStreamsAreOpen() throws Exception {
    daemon.docker("run", "-d", "--name", "streams", "busybox", "sleep", "1000").ok();
    assertThat(daemon.docker("exec", "streams", "ls", "/proc/1/fd").ok().lines())
        .containsExactly("0", "1", "2");
    // ls itself holds one more: the folder it reads.
    assertThat(daemon.docker("exec", "streams", "ls", "/proc/self/fd").ok().lines())
        .containsExactly("0", "1", "2", "3");
    daemon.docker("rm", "-f", "streams").ok();
  }

  @Test
  void limitsAreSetInTheKernelsGroups() throws Exception {
    assertThat(
            run(
                "-m",
                "64m",
                "busybox",
                "sh",
                "-c",
                "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null"
                    + " || cat /sys/fs/cgroup/memory.max"))
        .isEqualTo("67108864");
    assertThat(
            run(
                "--pids-limit",
                "33",
                "busybox",
                "sh",
                "-c",
                "cat /sys/fs/cgroup/pids/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids.max"))
        .isEqualTo("33");
    assertThat(
            run(
                "--cpus",
                "0.5",
                "busybox",
                "sh",
                "-c",
                "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null || cat /sys/fs/cgroup/cpu.max"))
        .startsWith("50000");
  }

  @Test
  void outOfMemoryIsReported() throws Exception {
    Program.Result killed =
        daemon.docker(
            "run",
            "--name",
            "thirsty",
            "-m",
            "16m",
            "busybox",
            "sh",
            "-c",
            "x=a; while true; do x=$x$x; done");
    assertThat(killed.code()).isEqualTo(137);
    assertThat(daemon.docker("inspect", "-f", "{{.State.OOMKilled}}", "thirsty").ok().line())
        .isEqualTo("true");
    daemon.docker("rm", "thirsty").ok();
  }

  @Test
  void networksNoneHostAndBridge() throws Exception {
    assertThat(run("--network", "none", "busybox", "ip", "-o", "addr"))
        .contains("127.0.0.1")
        .doesNotContain("eth0");
    assertThat(run("--network", "bridge", "busybox", "ip", "-o", "-4", "addr", "show", "eth0"))
        .contains("inet ");
    assertThat(run("--network", "host", "busybox", "ls", "/sys/class/net")).contains("djong");
    assertThat(run("busybox", "cat", "/etc/hosts")).contains("127.0.0.1\tlocalhost");
  }

  @Test
  void aPublishedPortIsReachedFromTheHostAndATakenOneNamesItsOwner() throws Exception {
    daemon
        .docker(
            "run",
            "-d",
            "--name",
            "web",
            "-p",
            "127.0.0.1::80",
            "busybox",
            "sh",
            "-c",
            "echo here > /index.html; httpd -f -p 80 -h /")
        .ok();
    String address = daemon.docker("port", "web", "80").ok().line();
    Program.Result page =
        daemon.docker(
            "run",
            "--rm",
            "--network",
            "host",
            "busybox",
            "sh",
            "-c",
            "for i in 1 2 3 4 5 6 7 8 9; do wget -qO- http://"
                + address
                + "/ && exit; sleep 0.2; done");
    assertThat(page.out()).isEqualTo("here\n");
    Program.Result taken = daemon.docker("run", "--rm", "-p", address + ":80", "busybox", "true");
    assertThat(taken.code()).isEqualTo(125);
    assertThat(taken.err()).contains("Bind for " + address + " failed: port is already allocated");
    daemon.docker("rm", "-f", "web").ok();
  }

  @Test
  void initReapsAndPassesTheExitCodeOn() throws Exception {
    assertThat(run("--init", "busybox", "cat", "/proc/1/comm"))
        .satisfiesAnyOf(
            name -> assertThat(name).contains("init"),
            name -> assertThat(name).contains("tini"),
            name -> assertThat(name).contains("catatonit"));
    assertThat(daemon.docker("run", "--rm", "--init", "busybox", "sh", "-c", "exit 7").code())
        .isEqualTo(7);
  }

  @Test
  void aTerminalIsATerminal() throws Exception {
    assertThat(run("-t", "busybox", "tty")).startsWith("/dev/pts/");
  }
}
