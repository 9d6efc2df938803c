package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.verify.program.GuardedDaemon.Guarded;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Images whose files and words lead elsewhere: nothing outside of a container is read, written or
/// run.
@ExtendWith(GuardedDaemon.class)
class HostileImagesTest {
  private final LiveDaemon daemon;
  @TempDir Path folder = Path.of("");
  private Canary canary;

  HostileImagesTest(Guarded guarded) {
    this.daemon = guarded.daemon();
  }

  @BeforeEach
  void setOut() throws Exception {
    canary = new Canary(folder.resolve("canary"));
  }

  private Program.Result run(String... arguments) throws Exception {
    String[] all = new String[arguments.length + 2];
    all[0] = "run";
    all[1] = "--rm";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return daemon.docker(all);
  }

  @Test
  void linksInThePlacesOfMountsLeadNowhere() throws Exception {
    HostileImage image = new HostileImage();
    for (String parent : List.of("dev", "etc", "proc", "sys", "sbin", "run")) {
      image.folder(parent);
    }
    for (String name :
        List.of(
            "dev/null",
            "dev/console",
            "dev/ptmx",
            "dev/fd",
            "dev/pts",
            "dev/shm",
            "dev/mqueue",
            "proc/self",
            "sys/fs",
            "etc/hosts",
            "etc/hostname",
            "etc/resolv.conf",
            "etc/mtab",
            "sbin/docker-init",
            ".dockerenv",
            "run/secrets",
            "volume",
            "memory",
            "bound")) {
      image.link(name, canary.fromAnywhere() + "/" + name.replace('/', '-'));
    }
    image.link("old", canary.fromAnywhere() + "/inside").says("VOLUME /old");
    image.on(daemon, "links");

    Program.Result ran =
        run(
            "-t",
            "--init",
            "--mount",
            "type=volume,dst=/volume/new",
            "--tmpfs",
            "/memory",
            "-v",
            daemon.folder().resolve("daemon.log") + ":/bound/file:ro",
            "links",
            "sh",
            "-c",
            "touch /old/x /volume/new/x /memory/x; cat /old/secret /bound/secret");

    assertThat(ran.out()).as(ran.err()).contains("No such file").doesNotContain(Canary.SECRET);
    canary.isUntouched();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "proc", "sys"})
  void aFileInThePlaceOfAKernelFolderIsRefused(String name) throws Exception {
    new HostileImage().file(name, 0755, "no folder").on(daemon, "file-" + name);

    Program.Result ran = run("file-" + name, "true");

    assertThat(ran.code()).isEqualTo(125);
    assertThat(ran.err()).contains("/" + name);
  }

  @Test
  void aWorkingDirectoryAmongTheHostsDescriptorsIsRefused() throws Exception {
    new HostileImage()
        .link("work", "/proc/self/fd/8")
        .link("far", canary.fromAnywhere() + "/inside")
        .on(daemon, "work");
    String steal = "cat ../../../../../../../.." + canary.folder() + "/secret";

    for (String place : List.of("/proc/self/fd/7", "/proc/1/root", "/proc/thread-self/cwd")) {
      Program.Result ran = run("-w", place, "busybox", "sh", "-c", steal);
      assertThat(ran.code()).as(place).isNotZero();
      assertThat(ran.out()).as(place).doesNotContain(Canary.SECRET);
    }
    assertThat(run("-w", "/work", "work", "sh", "-c", steal).out()).doesNotContain(Canary.SECRET);
    run("-w", "/far/below", "work", "touch", "x");
    canary.isUntouched();
    String id = daemon.docker("run", "-d", "work", "sleep", "1000").ok().line();
    for (String place :
        List.of(
            "/work", "/proc/self/fd/3", "/proc/self/fd/5", "/proc/self/fd/7", "/proc/self/fd/9")) {
      Program.Result ran = daemon.docker("exec", "-w", place, id, "sh", "-c", steal);
      assertThat(ran.code()).as(place).isNotZero();
      assertThat(ran.out()).as(place).doesNotContain(Canary.SECRET);
    }
    daemon.docker("rm", "-f", id).ok();
  }

  @Test
  void noProgramAndNoLibraryOfAnImageRunsForTheDaemon() throws Exception {
    HostileImage image = new HostileImage().folder("usr").folder("usr/bin").folder("lib");
    image.folder("lib/x86_64-linux-gnu").folder("tmp");
    String script = "#!/bin/sh\ntouch /pwned-by-$(echo $0 | head -c 99)\n: > /pwned\n";
    for (String name : List.of("xz", "unpigz", "gzip", "zstd", "tar", "ps", "top", "nsenter")) {
      image.file("usr/bin/" + name, 0755, script);
      image.file("bin/" + name, 0755, script);
    }
    for (String name : List.of("libnss_files.so.2", "libnss_dns.so.2", "libc.so.6")) {
      image.file("lib/x86_64-linux-gnu/" + name, 0755, "\u007fELF hostile");
    }
    image.on(daemon, "programs");
    String id = daemon.docker("run", "-d", "programs", "sleep", "1000").ok().line();
    Path packed = folder.resolve("cargo.tar.gz");
    Program.run(
            List.of("tar", "-czf", packed.toString(), "-C", canary.folder().toString(), "secret"),
            java.util.Map.of(),
            null)
        .ok();

    Program.run(
            daemon.dockerCommand("cp", "-", id + ":/tmp"),
            java.util.Map.of(),
            java.nio.file.Files.readAllBytes(packed),
            null)
        .ok();
    daemon.docker("cp", id + ":/tmp/secret", folder.resolve("back").toString()).ok();
    assertThat(daemon.docker("top", id).ok().out()).contains("sleep 1000");
    daemon.docker("export", "-o", folder.resolve("all.tar").toString(), id).ok();
    daemon.docker("commit", id, "programs:2").ok();

    assertThat(daemon.docker("diff", id).ok().lines())
        .allSatisfy(line -> assertThat(line).doesNotContain("pwned"));
    assertThat(folder.resolve("back")).hasContent(Canary.SECRET);
    assertThat(Path.of("/pwned")).doesNotExist();
    daemon.docker("rm", "-f", id).ok();
  }

  @Test
  void accountsWithoutEndAndNumbersThatAreNoneAreRefused() throws Exception {
    new HostileImage()
        .folder("etc")
        .file("etc/group", 0644, 0, new byte[11 << 20])
        .on(daemon, "endless");
    assertThat(run("endless", "true").err()).contains("/etc/group of the image is larger");
    for (String user :
        List.of("4294967296", "-1", "2147483648", "0:4294967296", "1000:0x0", "a b")) {
      Program.Result ran = run("-u", user, "busybox", "id", "-u");
      assertThat(ran.code()).as(user).isNotZero();
      assertThat(ran.out()).as(user).isEmpty();
    }
    for (String user : List.of("0", "00", "+0", "0:0", "root")) {
      assertThat(run("-u", user, "busybox", "id", "-u").ok().line()).as(user).isEqualTo("0");
    }
  }

  @Test
  void accountsThatChangeUnderARunningContainerStopNoExec() throws Exception {
    String id = daemon.docker("run", "-d", "busybox", "sleep", "1000").ok().line();
    daemon
        .docker(
            "exec",
            id,
            "sh",
            "-c",
            "rm /etc/passwd; mkfifo /etc/passwd; ln -sf /dev/zero /etc/group")
        .ok();

    Program.Result ran = daemon.docker("exec", "-u", "nobody", id, "id");

    assertThat(ran.code()).isNotZero();
    assertThat(ran.err()).contains("/etc/passwd");
    daemon.docker("rm", "-f", id).ok();
  }

  @Test
  void aUsersOwnGroupIsAmongItsGroups() throws Exception {
    new HostileImage()
        .folder("etc")
        .file("etc/passwd", 0644, "ann:x:1000:1000::/:/bin/sh\n")
        .file("etc/group", 0644, "crew:x:1000:\nmates:x:2000:ann\n")
        .file("not-for-the-crew", 0704, 1000, "x".getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .on(daemon, "groups");
    String look = "grep Groups /proc/self/status; cat /not-for-the-crew";

    assertThat(run("-u", "ann", "groups", "sh", "-c", look))
        .satisfies(ran -> assertThat(ran.out()).isEqualTo("Groups:\t1000 2000 \n"))
        .satisfies(ran -> assertThat(ran.err()).contains("Permission denied"));
    assertThat(run("-u", "1000", "--group-add", "mates", "groups", "sh", "-c", look))
        .satisfies(ran -> assertThat(ran.out()).isEqualTo("Groups:\t1000 2000 \n"))
        .satisfies(ran -> assertThat(ran.err()).contains("Permission denied"));
  }
}
