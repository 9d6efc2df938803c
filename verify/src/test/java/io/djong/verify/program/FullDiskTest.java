package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A data root that runs full, of bytes or of inodes: callers are told, what runs runs on, removing
/// works, and with room again all does.
class FullDiskTest {
  private Path folder = Path.of("");
  private Path data = Path.of("");

  @BeforeEach
  void make() throws Exception {
    folder = Files.createTempDirectory(Path.of("/tmp"), "djong-full-");
    data = Files.createDirectory(folder.resolve("data"));
  }

  @AfterEach
  void remove() throws Exception {
    Program.run(List.of("umount", "-l", data.toString()), Map.of(), null);
    Files.deleteIfExists(folder.resolve("disk"));
    Files.deleteIfExists(data);
    Files.deleteIfExists(folder);
  }

  private LiveDaemon onDisk(String size, String... options) throws Exception {
    Path disk = folder.resolve("disk");
    Program.run(List.of("truncate", "-s", size, disk.toString()), Map.of(), null).ok();
    List<String> make = new java.util.ArrayList<>(List.of("mkfs.ext4", "-q", "-m", "0"));
    make.addAll(List.of(options));
    make.add(disk.toString());
    Program.run(make, Map.of(), null).ok();
    Program.run(List.of("mount", "-o", "loop", disk.toString(), data.toString()), Map.of(), null)
        .ok();
    return LiveDaemon.withBusybox("--data-root", data.resolve("djong").toString());
  }

  private void fillBytes() throws IOException, InterruptedException {
    Program.run(
        List.of(
            "sh",
            "-c",
            "cat /dev/zero > " + data + "/ballast; cat /dev/zero > " + data + "/more; sync"),
        Map.of(),
        null);
    Program.run(
        List.of(
            "sh", "-c", "for i in $(seq 50); do head -c 4096 /dev/zero > " + data + "/b$i; done"),
        Map.of(),
        null);
  }

  private void fillInodes() throws IOException, InterruptedException {
    Program.run(
        List.of("sh", "-c", "cd " + data + "; i=0; while : > b$i; do i=$((i+1)); done"),
        Map.of(),
        null);
  }

  private void empty() throws IOException, InterruptedException {
    Program.run(List.of("sh", "-c", "cd " + data + "; rm -f ballast more b*"), Map.of(), null).ok();
  }

  private static void works(LiveDaemon daemon, Runnable fill, FullDiskTest test) throws Exception {
    daemon.docker("run", "-d", "--name", "old", "busybox", "sleep", "1000").ok();
    daemon.docker("create", "--name", "never", "busybox", "true").ok();
    daemon.docker("tag", "busybox", "other:1").ok();
    String ticks = "i=0; while true; do echo $i; i=$((i+1)); usleep 20000; done";
    daemon.docker("run", "-d", "--name", "talks", "busybox", "sh", "-c", ticks).ok();
    fill.run();

    String[] one = {"run", "busybox", "head", "-c", "1", "/dev/zero"};
    Program.Result refused = daemon.docker(one);
    for (int i = 1; i < 5 && refused.code() == 0; i++) {
      refused = daemon.docker(one);
    }
    assertThat(refused.code()).isEqualTo(125);
    assertThat(refused.err()).containsIgnoringCase("no space left on device");
    Program.Result loaded = daemon.djong("image", "bootstrap", "busybox", "--tag", "second:1");
    assertThat(loaded.out() + loaded.err()).doesNotContain("internal error");

    // What runs does so on, and is seen and ended.
    assertThat(daemon.docker("exec", "old", "echo", "in").ok().line()).isEqualTo("in");
    String pid = daemon.docker("inspect", "-f", "{{.State.Pid}}", "talks").ok().line();
    assertThat(ProcessHandle.of(Long.parseLong(pid))).isPresent();
    daemon.docker("rm", "never").ok();
    daemon.docker("rm", "-f", "old").ok();
    daemon.docker("rmi", "other:1").ok();
    assertThat(daemon.docker("ps", "-a", "--format", "{{.Names}}").ok().lines())
        .contains("talks")
        .doesNotContain("never", "old");

    test.empty();
    daemon.docker("stop", "-t", "0", "talks").ok();
    assertThat(daemon.docker("wait", "talks").ok().line()).isEqualTo("137");
    assertThat(daemon.docker("run", "--rm", "busybox", "echo", "room").ok().line())
        .isEqualTo("room");
    assertThat(daemon.djong("system", "fsck").ok().out()).contains("all is well");
    daemon.kill();
    daemon.launch();
    assertThat(daemon.docker("inspect", "-f", "{{.State.ExitCode}}", "talks").ok().line())
        .isEqualTo("137");
    Aftermath.isClean(daemon);
  }

  private interface Filling {
    void fill() throws IOException, InterruptedException;
  }

  private static Runnable running(Filling filling) {
    return () -> {
      try {
        filling.fill();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    };
  }

  @Test
  void aDiskWithoutRoomIsToldAndRemovingWorks() throws Exception {
    try (LiveDaemon daemon = onDisk("96M")) {
      works(daemon, running(this::fillBytes), this);
    }
  }

  @Test
  void aDiskWithoutInodesIsToldAndRemovingWorks() throws Exception {
    try (LiveDaemon daemon = onDisk("96M", "-N", "256")) {
      works(daemon, running(this::fillInodes), this);
    }
  }
}
