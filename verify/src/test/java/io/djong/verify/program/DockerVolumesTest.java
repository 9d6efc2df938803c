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
  void aSubpathNeverLeavesItsVolume() throws Exception {
    String mount = "type=volume,src=vol-sub,dst=/x,volume-subpath=";
    daemon
        .docker(
            "run",
            "--rm",
            "-v",
            "vol-sub:/v",
            "busybox",
            "sh",
            "-c",
            "mkdir -p /v/in/deep; echo tea > /v/in/deep/f; ln -s in /v/near; ln -s /in/deep /v/top;"
                + " ln -s / /v/out; ln -s ../../../../../../../etc /v/up")
        .ok();

    for (String inside : java.util.List.of("in/deep", "near/deep", "top", "out/in/deep")) {
      assertThat(
              daemon
                  .docker("run", "--rm", "--mount", mount + inside, "busybox", "cat", "/x/f")
                  .ok()
                  .line())
          .isEqualTo("tea");
    }
    assertThat(
            daemon
                .docker("run", "--rm", "--mount", mount + "in/deep/f", "busybox", "cat", "/x")
                .ok()
                .line())
        .isEqualTo("tea");
    Program.Result up =
        daemon.docker("run", "--rm", "--mount", mount + "up", "busybox", "ls", "/x");
    assertThat(up.code()).isNotZero();
    assertThat(up.err()).contains("cannot access path").contains("no such file or directory");
    assertThat(
            daemon
                .docker("run", "--rm", "--mount", mount + "../vol-x", "busybox", "ls", "/x")
                .err())
        .contains("subpath must be a relative path within the volume");
    assertThat(isMounted("/mounts/0")).isFalse();
  }

  @Test
  void theTreeOfAnImageIsMountedReadOnly() throws Exception {
    daemon
        .dockerWithInput(
            "FROM busybox\nRUN mkdir /cargo && echo tea > /cargo/f\n",
            "build",
            "-t",
            "vol-image",
            "-")
        .ok();
    String mount = "type=image,src=vol-image,dst=/i";
    daemon
        .docker("run", "-d", "--name", "vol-one", "--mount", mount, "busybox", "sleep", "1000")
        .ok();

    assertThat(daemon.docker("exec", "vol-one", "cat", "/i/cargo/f").ok().line()).isEqualTo("tea");
    assertThat(daemon.docker("exec", "vol-one", "touch", "/i/cargo/g").err())
        .contains("Read-only file system");
    assertThat(
            daemon
                .docker(
                    "run",
                    "--rm",
                    "--mount",
                    mount + ",image-subpath=cargo/f",
                    "busybox",
                    "cat",
                    "/i")
                .ok()
                .line())
        .isEqualTo("tea");
    assertThat(daemon.docker("inspect", "vol-one", "--format", "{{json .Mounts}}").ok().out())
        .contains("\"Type\":\"image\"")
        .contains("\"RW\":false");
    assertThat(daemon.docker("rmi", "vol-image").err()).contains("conflict");
    assertThat(
            daemon.docker("create", "--mount", "type=image,src=vol-none,dst=/i", "busybox").code())
        .isNotZero();
    daemon.docker("stop", "-t", "0", "vol-one").ok();
    assertThat(daemon.docker("cp", "vol-one:/i/cargo/f", "-").ok().out()).contains("tea");
    daemon.docker("start", "vol-one").ok();
    assertThat(daemon.docker("exec", "vol-one", "cat", "/i/cargo/f").ok().line()).isEqualTo("tea");
    daemon.docker("rm", "-f", "vol-one").ok();
    daemon.docker("rmi", "vol-image").ok();
  }

  @Test
  void volumesAreExportedImportedClonedAndRenamed() throws Exception {
    daemon.docker("run", "--rm", "-v", "vol-a:/v", "busybox", "sh", "-c", "echo tea > /v/f").ok();
    Path tar = folder.resolve("a.tar");
    daemon.djong("volume", "export", "-o", tar.toString(), "vol-a").ok();
    daemon.docker("volume", "create", "vol-b").ok();
    daemon.djong("volume", "import", "vol-b", tar.toString()).ok();
    daemon.djong("volume", "clone", "vol-b", "vol-c").ok();
    daemon.docker("volume", "rm", "vol-b").ok();
    daemon.djong("volume", "rename", "vol-c", "vol-d").ok();

    assertThat(daemon.docker("run", "--rm", "-v", "vol-d:/v", "busybox", "cat", "/v/f").ok().line())
        .isEqualTo("tea");
    assertThat(daemon.djong("volume", "import", "vol-d", tar.toString()).err())
        .contains("volume is not empty");
    assertThat(daemon.djong("volume", "rename", "vol-x", "vol-y").err())
        .contains("get vol-x: no such volume");
  }

  @Test
  void filesAreShownWithOtherOwnersAndKeptUnderTheirOwn() throws Exception {
    String mapping = "idmap=uids=0-1000-1#1000-0-1";
    daemon.docker("volume", "create", "vol-map").ok();
    daemon
        .docker(
            "run",
            "--rm",
            "-u",
            "1000",
            "-v",
            "vol-map:/m:" + mapping,
            "busybox",
            "sh",
            "-c",
            "echo tea > /m/mine")
        .ok();
    assertThat(
            daemon
                .docker("run", "--rm", "-v", "vol-map:/m", "busybox", "stat", "-c", "%u", "/m/mine")
                .ok()
                .line())
        .isEqualTo("0");
    assertThat(
            daemon
                .djong(
                    "run",
                    "--rm",
                    "--mount",
                    "type=bind,src=" + folder + ",dst=/m," + mapping,
                    "busybox",
                    "stat",
                    "-c",
                    "%u",
                    "/m")
                .ok()
                .line())
        .isEqualTo("1000");
    assertThat(daemon.docker("create", "-v", "vol-map:/m:idmap=uids=1", "busybox").err())
        .contains("invalid idmap");
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
