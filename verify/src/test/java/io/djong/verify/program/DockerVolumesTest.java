package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Volumes with options and volumes of other containers, by the stock command line.
@ExtendWith(SharedDaemon.class)
class DockerVolumesTest {
  private final LiveDaemon daemon;
  @TempDir Path folder = Path.of("");

  DockerVolumesTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @AfterEach
  void removeAll() throws Exception {
    for (String id : daemon.docker("ps", "-aq", "--filter", "name=vol-").ok().lines()) {
      daemon.docker("rm", "-f", "-v", id).ok();
    }
    for (String name : daemon.docker("volume", "ls", "-q", "--filter", "name=vol-").ok().lines()) {
      daemon.docker("volume", "rm", name).ok();
    }
  }

  private static boolean isMounted(String part) throws Exception {
    return Files.readString(Path.of("/proc/self/mountinfo")).contains(part);
  }

  @Test
  void aVolumeOfMemoryIsMountedWhileAContainerRunsOnIt() throws Exception {
    daemon
        .docker(
            "volume",
            "create",
            "-o",
            "type=tmpfs",
            "-o",
            "device=tmpfs",
            "-o",
            "o=size=1m",
            "vol-mem")
        .ok();
    daemon
        .docker("run", "-d", "--name", "vol-one", "-v", "vol-mem:/m", "busybox", "sleep", "1000")
        .ok();

    assertThat(daemon.docker("exec", "vol-one", "grep", " /m ", "/proc/mounts").ok().line())
        .startsWith("tmpfs /m tmpfs")
        .contains("size=1024k");
    daemon.docker("exec", "vol-one", "sh", "-c", "echo shared > /m/file").ok();
    assertThat(
            daemon
                .docker("run", "--rm", "-v", "vol-mem:/n", "busybox", "cat", "/n/file")
                .ok()
                .line())
        .isEqualTo("shared");
    daemon.docker("rm", "-f", "vol-one").ok();
    assertThat(isMounted("volumes/vol-mem/_data")).isFalse();
    assertThat(daemon.docker("volume", "inspect", "vol-mem").ok().out())
        .contains("\"o\": \"size=1m\"");
  }

  @Test
  void anImageIsMountedToBeLookedAtWhileAContainerRuns() throws Exception {
    daemon
        .docker(
            "run",
            "-d",
            "--name",
            "vol-image",
            "--mount",
            "type=image,source=busybox,target=/tools",
            "busybox",
            "sleep",
            "1000")
        .ok();
    assertThat(daemon.docker("exec", "vol-image", "/tools/bin/busybox", "echo", "ahoy").ok().line())
        .isEqualTo("ahoy");
    assertThat(daemon.docker("exec", "vol-image", "touch", "/tools/mine").err())
        .contains("Read-only file system");
    daemon.docker("restart", "-t", "0", "vol-image").ok();
    daemon.docker("exec", "vol-image", "test", "-d", "/tools/bin").ok();
    String id = daemon.docker("inspect", "-f", "{{.Id}}", "vol-image").ok().line();
    daemon.docker("rm", "-f", "vol-image").ok();
    assertThat(isMounted(id)).isFalse();
    assertThat(
            daemon
                .docker(
                    "run",
                    "--rm",
                    "--mount",
                    "type=image,source=busybox,target=/b,image-subpath=bin",
                    "busybox",
                    "ls",
                    "/b/busybox")
                .ok()
                .line())
        .isEqualTo("/b/busybox");
    String missing =
        RawRequest.ask(
            daemon,
            "POST",
            "/containers/create",
            "{\"Image\":\"busybox\",\"HostConfig\":{\"Mounts\":[{\"Type\":\"image\","
                + "\"Source\":\"nosuch\",\"Target\":\"/x\"}]}}");
    assertThat(missing).startsWith("404 ").contains("No such image: nosuch:latest");
  }

  @Test
  void aVolumeMayBeAFolderOfTheHostAndItsRemovalSparesThat() throws Exception {
    Files.writeString(folder.resolve("cargo"), "tea");
    daemon
        .docker(
            "volume",
            "create",
            "-o",
            "type=none",
            "-o",
            "o=bind",
            "-o",
            "device=" + folder,
            "vol-bound")
        .ok();

    assertThat(
            daemon
                .docker("run", "--rm", "-v", "vol-bound:/b", "busybox", "cat", "/b/cargo")
                .ok()
                .line())
        .isEqualTo("tea");
    daemon.docker("volume", "rm", "vol-bound").ok();
    assertThat(Files.readString(folder.resolve("cargo"))).isEqualTo("tea");
  }

  @Test
  void optionsThatCannotBeAreRefusedInDockersWords() throws Exception {
    assertThat(daemon.docker("volume", "create", "-o", "foo=bar", "vol-x").err())
        .contains("create vol-x: invalid option: \"foo\"");
    assertThat(daemon.docker("volume", "create", "-o", "type=tmpfs", "vol-x").err())
        .contains("create vol-x: missing required option: \"device\"");
    assertThat(daemon.docker("volume", "create", "-o", "size=10m", "vol-x").err())
        .contains("create vol-x: quota size requested but no quota support");
    daemon
        .docker(
            "volume",
            "create",
            "-o",
            "type=none",
            "-o",
            "o=bind",
            "-o",
            "device=/no/such",
            "vol-gone")
        .ok();
    Program.Result refused =
        daemon.docker("run", "--name", "vol-one", "-v", "vol-gone:/x", "busybox", "true");
    assertThat(refused.code()).isNotZero();
    assertThat(refused.err()).contains("failed to mount local volume: mount /no/such:");
    assertThat(daemon.docker("volume", "create", "../escape").err()).contains("invalid characters");
  }

  @Test
  void aContainerMayHaveTheVolumesOfAnother() throws Exception {
    daemon
        .docker(
            "run",
            "-d",
            "--name",
            "vol-one",
            "-v",
            "vol-named:/named",
            "-v",
            "/drawn",
            "-v",
            folder + ":/host",
            "busybox",
            "sleep",
            "1000")
        .ok();
    daemon
        .docker(
            "exec", "vol-one", "sh", "-c", "echo a > /named/f; echo b > /drawn/f; echo c > /host/f")
        .ok();

    assertThat(
            daemon
                .docker(
                    "run",
                    "--rm",
                    "--volumes-from",
                    "vol-one",
                    "busybox",
                    "cat",
                    "/named/f",
                    "/drawn/f",
                    "/host/f")
                .ok()
                .lines())
        .containsExactly("a", "b", "c");
    Program.Result readOnly =
        daemon.docker(
            "run", "--rm", "--volumes-from", "vol-one:ro", "busybox", "touch", "/named/g");
    assertThat(readOnly.err()).contains("Read-only file system");
    assertThat(daemon.docker("exec", "vol-one", "cat", "/drawn/f").ok().line()).isEqualTo("b");
    assertThat(
            daemon
                .docker("create", "--name", "vol-two", "--volumes-from", "vol-one:odd", "busybox")
                .err())
        .contains("invalid mode: odd");
  }

  @Test
  void aMountBelowAReadOnlyBindIsReadOnlyToo() throws Exception {
    Path below = Files.createDirectories(folder.resolve("below"));
    Process mounted = new ProcessBuilder("mount", "-t", "tmpfs", "tmpfs", below.toString()).start();
    assertThat(mounted.waitFor()).isZero();
    try {
      assertThat(
              daemon
                  .docker("run", "--rm", "-v", folder + ":/x:ro", "busybox", "touch", "/x/below/f")
                  .err())
          .contains("Read-only file system");
    } finally {
      assertThat(new ProcessBuilder("umount", below.toString()).start().waitFor()).isZero();
    }
  }

  @Test
  void volumesInUseOutliveTheDaemonAndSizesAreCounted() throws Exception {
    try (LiveDaemon own = LiveDaemon.withBusybox()) {
      own.docker("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "mem").ok();
      own.docker(
              "run", "-d", "--name", "still", "-v", "mem:/m", "-v", "kept:/k", "busybox", "sleep",
              "1000")
          .ok();
      own.docker("exec", "still", "sh", "-c", "echo here > /m/f; head -c 1000000 /dev/zero > /k/f")
          .ok();
      own.kill();
      own.launch();

      assertThat(own.docker("exec", "still", "cat", "/m/f").ok().line()).isEqualTo("here");
      assertThat(own.docker("system", "df", "-v").ok().out()).contains("1MB");
      own.docker("rm", "-f", "still").ok();
      assertThat(isMounted(own.dataRoot().toString() + "/engine/volumes/mem/_data")).isFalse();
    }
  }
}
