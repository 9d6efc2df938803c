package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.verify.program.RemappedDaemon.Remapped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Containers of a daemon with `--userns-remap`: root inside is nobody on the host, and nothing on
/// the disk shows it. By the stock command line.
@ExtendWith({RemappedDaemon.class, SharedDaemon.class})
class UserNamespacesTest {
  private static final String MAP = "0 " + RemappedDaemon.BASE + " 65536";

  private final LiveDaemon daemon;
  private final LiveDaemon plain;
  @TempDir Path folder = Path.of("");

  UserNamespacesTest(Remapped remapped, LiveDaemon plain) {
    this.daemon = remapped.daemon();
    this.plain = plain;
  }

  @AfterEach
  void removeAll() throws Exception {
    for (String id : daemon.docker("ps", "-aq").ok().lines()) {
      daemon.docker("rm", "-f", "-v", id).ok();
    }
    for (String name : daemon.docker("volume", "ls", "-q").ok().lines()) {
      daemon.docker("volume", "rm", name).ok();
    }
  }

  private void start(String name, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
    command.addAll(List.of(words));
    daemon.docker(command.toArray(String[]::new)).ok();
  }

  private String in(String container, String script) throws Exception {
    return daemon.docker("exec", container, "sh", "-c", script).ok().line();
  }

  private static String squeezed(String text) {
    return text.strip().replaceAll(" +", " ");
  }

  private static String owner(Path file) throws IOException {
    Map<String, Object> owner =
        Files.readAttributes(file, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS);
    return owner.get("uid") + ":" + owner.get("gid");
  }

  /// The owners in an archive, by name.
  private static List<String> owners(Path archive) throws Exception {
    return Program.run(List.of("tar", "tvf", archive.toString(), "--numeric-owner"), Map.of(), null)
        .ok()
        .lines()
        .stream()
        .map(line -> line.split(" +", -1))
        .map(fields -> fields[1] + " " + fields[5])
        .toList();
  }

  private List<String> copiedOut(String place) throws Exception {
    Path archive = folder.resolve("out.tar");
    List<String> command =
        List.of(
            "sh", "-c", "docker --host %s cp %s - > %s".formatted(daemon.host(), place, archive));
    Program.run(command, Map.of(), null).ok();
    return owners(archive);
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void rootInsideIsNobodyOnTheHostAndTheDiskDoesNotShowIt(String runtime) throws Exception {
    start(
        "mapped",
        "--runtime",
        runtime,
        "-v",
        "cargo:/cargo",
        "busybox",
        "sh",
        "-c",
        "echo x > /cargo/own; echo y > /cargo/five; chown 5:6 /cargo/five; mkdir /made;"
            + " chown 7:8 /made; echo said > /dev/stderr; touch /ready; exec sleep 1000");
    in("mapped", "until [ -e /ready ]; do :; done");
    String pid = daemon.docker("inspect", "-f", "{{.State.Pid}}", "mapped").ok().line();

    assertThat(squeezed(in("mapped", "cat /proc/self/uid_map"))).isEqualTo(MAP);
    assertThat(squeezed(in("mapped", "cat /proc/self/gid_map"))).isEqualTo(MAP);
    assertThat(in("mapped", "id -u")).isEqualTo("0");
    assertThat(owner(Path.of("/proc", pid)))
        .isEqualTo(RemappedDaemon.BASE + ":" + RemappedDaemon.BASE);
    assertThat(in("mapped", "stat -c %u:%g /cargo /cargo/five /etc/passwd /etc/hosts /made"))
        .isEqualTo("0:0\n5:6\n0:0\n0:0\n7:8");
    in("mapped", "echo 192.0.2.1 other >> /etc/hosts; echo more > /dev/stdout");
    assertThat(
            daemon
                .docker("exec", "-u", "33", "mapped", "sh", "-c", "echo me > /dev/stdout; id -u")
                .ok()
                .line())
        .isEqualTo("me\n33");
    assertThat(daemon.docker("logs", "mapped").ok().err()).isEqualTo("said\n");
    assertThat(daemon.docker("top", "mapped").ok().out()).contains("sleep 1000");

    Path cargo =
        Path.of(daemon.docker("volume", "inspect", "-f", "{{.Mountpoint}}", "cargo").ok().line());
    assertThat(owner(cargo)).isEqualTo("0:0");
    assertThat(owner(cargo.resolve("own"))).isEqualTo("0:0");
    assertThat(owner(cargo.resolve("five"))).isEqualTo("5:6");
    assertThat(owner(Path.of("/dev/null"))).doesNotStartWith(RemappedDaemon.BASE + ":");
    assertThat(daemon.docker("diff", "mapped").ok().lines()).contains("A /made");
    daemon.docker("commit", "mapped", "committed").ok();
    assertThat(
            daemon
                .docker(
                    "run",
                    "--rm",
                    "--userns=host",
                    "--runtime",
                    runtime,
                    "-v",
                    "cargo:/c",
                    "committed",
                    "sh",
                    "-c",
                    "cat /proc/self/uid_map; stat -c %u:%g /made /c/own /c/five")
                .ok()
                .out())
        .contains("4294967295")
        .endsWith("7:8\n0:0\n5:6\n");
    daemon.docker("restart", "-t", "0", "mapped").ok();
    assertThat(in("mapped", "stat -c %u:%g /made")).isEqualTo("7:8");
  }

  @Test
  void theDaemonSaysSo() throws Exception {
    assertThat(daemon.docker("info", "-f", "{{.SecurityOptions}}").ok().line())
        .contains("name=userns");
    assertThat(plain.docker("info", "-f", "{{.SecurityOptions}}").ok().line())
        .doesNotContain("name=userns");
    start("told", "busybox", "sleep", "1000");
    assertThat(daemon.djong("container", "inspect", "--security", "told").ok().out())
        .contains("root of a user namespace", RemappedDaemon.BASE + " to ");
  }

  @Test
  void filesAreCopiedWithTheOwnersThatTheContainerSees() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Files.setAttribute(file, "unix:uid", 1000);
    Files.setAttribute(file, "unix:gid", 1001);
    start(
        "copied",
        "-v",
        "cargo:/cargo",
        "busybox",
        "sh",
        "-c",
        "mkdir /d; echo x > /d/a; chown 3:4 /d/a; ln -s a /d/l; touch /ready; exec sleep 1000");
    in("copied", "until [ -e /ready ]; do :; done");

    for (String state : List.of("running", "stopped")) {
      daemon.docker("cp", "-a", file.toString(), "copied:/d/" + state).ok();
      daemon.docker("cp", "-a", file.toString(), "copied:/cargo/" + state).ok();
      daemon.docker("cp", "-a", folder.toString(), "copied:/d/folder-" + state).ok();
      assertThat(copiedOut("copied:/d/" + state)).containsExactly("1000/1001 " + state);
      assertThat(copiedOut("copied:/cargo/" + state)).containsExactly("1000/1001 " + state);
      assertThat(copiedOut("copied:/d")).contains("3/4 d/a", "0/0 d/l", "0/0 d/");
      Path tree = folder.resolve("tree.tar");
      daemon.docker("export", "-o", tree.toString(), "copied").ok();
      assertThat(owners(tree)).contains("3/4 d/a", "1000/1001 d/" + state, "0/0 bin/busybox");
      Files.delete(tree);
      Files.delete(folder.resolve("out.tar"));
      daemon.docker("stop", "-t", "0", "copied").ok();
    }
    daemon.docker("start", "copied").ok();
    assertThat(in("copied", "stat -c %u:%g /d/running /d/stopped /cargo/running /cargo/stopped"))
        .isEqualTo("1000:1001\n1000:1001\n1000:1001\n1000:1001");
    assertThat(in("copied", "stat -c %u:%g /d/folder-running /d/folder-stopped/file"))
        .isEqualTo("0:0\n1000:1001");
  }

  @Test
  void anOwnerThatHasNoPlaceInsideIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Files.setAttribute(file, "unix:uid", 70000);
    start("copied", "busybox", "sleep", "1000");

    assertThat(daemon.docker("cp", "-a", file.toString(), "copied:/f").err())
        .contains("has no place in this user namespace");
    assertThat(daemon.docker("exec", "-u", "70000", "copied", "id").err())
        .contains("user 70000:0 has no place in the container's user namespace");
  }

  @Test
  void whatTheHostsNamespacesAreForIsRefusedInDockersWords() throws Exception {
    assertThat(daemon.docker("run", "--rm", "--privileged", "busybox", "true").err())
        .contains(
            "privileged mode is incompatible with user namespaces.  You must run the container in"
                + " the host namespace when running privileged mode");
    assertThat(daemon.docker("run", "--rm", "--network", "host", "busybox", "true").err())
        .contains("cannot share the host's network namespace when user namespaces are enabled");
    assertThat(daemon.docker("run", "--rm", "--pid", "host", "busybox", "true").err())
        .contains("cannot share the host PID namespace when user namespaces are enabled");
    daemon
        .docker(
            "run",
            "--rm",
            "--userns=host",
            "--privileged",
            "--pid=host",
            "--network=host",
            "busybox",
            "true")
        .ok();
    assertThat(
            daemon
                .dockerWithInput("FROM busybox\nRUN true\n", "build", "--network", "host", "-")
                .err())
        .contains("cannot share the host's network namespace when user namespaces are enabled");
  }

  @Test
  void whoSharesNamespacesSharesTheUserNamespace() throws Exception {
    start("first", "--ipc", "shareable", "busybox", "sleep", "1000");
    start("hosts", "--userns", "host", "busybox", "sleep", "1000");
    assertThat(
            daemon
                .docker(
                    "run",
                    "--rm",
                    "--pid",
                    "container:first",
                    "--ipc",
                    "container:first",
                    "--network",
                    "container:first",
                    "busybox",
                    "sh",
                    "-c",
                    "touch /dev/shm/x; ls -l /proc/self/ns/user /proc/1/ns/user | sed 's/.*> //' | sort -u | wc -l")
                .ok()
                .line())
        .isEqualTo("1");
    assertThat(
            daemon
                .docker(
                    "run",
                    "--rm",
                    "--pid",
                    "container:first",
                    "--sysctl",
                    "net.ipv4.conf.all.forwarding=1",
                    "busybox",
                    "cat",
                    "/proc/sys/net/ipv4/conf/all/forwarding")
                .ok()
                .line())
        .isEqualTo("1");
    assertThat(
            daemon
                .docker(
                    "run", "--rm", "--userns=host", "--pid", "container:first", "busybox", "true")
                .err())
        .contains("container first is in a user namespace");
    assertThat(daemon.docker("run", "--rm", "--pid", "container:hosts", "busybox", "true").err())
        .contains("container hosts is in no user namespace");
  }

  @Test
  void theNetworkIsTheNamespacesOwn() throws Exception {
    start(
        "web",
        "-p",
        "127.0.0.1:18093:80",
        "--sysctl",
        "net.ipv4.ip_forward=1",
        "busybox",
        "sh",
        "-c",
        "mkdir /w; echo tea > /w/f; exec httpd -f -p 80 -h /w");
    in("web", "until wget -q -O - http://127.0.0.1/f; do :; done");

    assertThat(Neighbour.getFromHere("127.0.0.1", 18093)).isEqualTo("tea");
    assertThat(
            in(
                "web",
                "cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/ip_unprivileged_port_start"))
        .isEqualTo("1\n0");
    assertThat(in("web", "mount | grep -c ^sysfs")).isEqualTo("1");
    daemon.docker("network", "create", "userns-net").ok();
    try {
      daemon.docker("network", "connect", "userns-net", "web").ok();
      assertThat(in("web", "ip -o -4 addr show eth1 | wc -l")).isEqualTo("1");
      daemon.docker("network", "disconnect", "userns-net", "web").ok();
    } finally {
      daemon.docker("network", "rm", "userns-net").ok();
    }
  }

  @Test
  void imagesMemoryAndFoldersOfTheHostHaveTheOwnersThatBelongThere() throws Exception {
    Path hosts = Files.createDirectory(folder.resolve("hosts"));
    Files.writeString(hosts.resolve("file"), "x");
    daemon.docker("pull", "busybox"); // Whether or not: it is here.
    String seen =
        daemon
            .docker(
                "run",
                "--rm",
                "--tmpfs",
                "/t",
                "--mount",
                "type=image,source=busybox,target=/i",
                "-v",
                hosts + ":/h",
                "-v",
                hosts + ":/m:idmap",
                "--read-only",
                "busybox",
                "sh",
                "-c",
                "touch /t/x; touch /m/made; touch /h/made2; stat -c %u:%g /t/x /i/bin/busybox /h/file /m/file")
            .out();

    assertThat(seen).isEqualTo("0:0\n0:0\n65534:65534\n0:0\n");
    assertThat(owner(hosts.resolve("made"))).isEqualTo("0:0");
    assertThat(hosts.resolve("made2")).doesNotExist();
  }

  @Test
  void stepsOfABuildAreMappedAndGiveTheSameLayers() throws Exception {
    String dockerfile =
        """
        FROM busybox
        ARG FIRST
        RUN grep -q "^ *0 *$FIRST " /proc/self/uid_map || exit 1; \
            echo a > /a; chmod 4755 /a; chown 7:8 /a; mkdir -p /d/e; chown 1000:1000 /d/e; \
            ln /a /d/hard; ln -s a /d/soft; mkfifo /d/fifo; rm -r /home; \
            touch -h -d '2020-01-01 00:00:00' /d/soft /d/fifo; \
            touch -d '2020-01-01 00:00:00' /a /d/e /d /
        RUN --mount=type=cache,target=/srv/cache --mount=type=tmpfs,target=/new \
            [ "$(stat -c %u:%g /srv/cache /new | uniq)" = 0:0 ] && touch /srv/cache/x /new/y
        USER 1000:1001
        RUN echo b > /d/e/b; touch -d '2020-01-01 00:00:00' /d/e/b /d/e
        """;
    List<String> layers = new ArrayList<>();
    for (LiveDaemon builder : List.of(daemon, plain)) {
      long first = builder.equals(daemon) ? RemappedDaemon.BASE : 0;
      builder
          .dockerWithInput(
              dockerfile,
              "build",
              "--no-cache",
              "--build-arg",
              "FIRST=" + first,
              "-t",
              "userns-built",
              "-")
          .ok();
      layers.add(builder.docker("inspect", "-f", "{{.RootFS.Layers}}", "userns-built").ok().line());
      builder.docker("rmi", "-f", "userns-built").ok();
    }

    assertThat(layers.getFirst()).isEqualTo(layers.getLast());
  }

  @Test
  void aKilledDaemonsSuccessorTakesThemOver() throws Exception {
    start("stays", "busybox", "sleep", "1000");
    String pid = daemon.docker("inspect", "-f", "{{.State.Pid}}", "stays").ok().line();
    daemon.kill();
    daemon.launch();

    assertThat(daemon.docker("inspect", "-f", "{{.State.Pid}}", "stays").ok().line())
        .isEqualTo(pid);
    assertThat(squeezed(in("stays", "cat /proc/self/uid_map"))).isEqualTo(MAP);
    Path file = Files.writeString(folder.resolve("file"), "x");
    daemon.docker("cp", file.toString(), "stays:/file").ok();
    assertThat(in("stays", "stat -c %u /file")).isEqualTo("0");
    daemon.docker("stop", "-t", "0", "stays").ok();
    daemon.docker("start", "stays").ok();
    assertThat(in("stays", "stat -c %u /file; cat /file")).isEqualTo("0\nx");
  }

  @Test
  void aMappedRootWritesAndReadsNothingOfTheDaemonsOnTheHost() throws Exception {
    Canary canary = new Canary(folder.resolve("canary"));
    start("other", "-e", "WORD=" + Canary.SECRET, "busybox", "sleep", "1000");
    String other = daemon.docker("inspect", "-f", "{{.Id}}", "other").ok().line();
    String roots = "/host" + daemon.dataRoot() + " /host" + daemon.execRoot();
    String bundle = "/host" + daemon.execRoot().resolve("containers").resolve(other);
    String said =
        daemon
            .docker(
                "run",
                "--rm",
                "-v",
                "/:/host",
                "busybox",
                "sh",
                "-c",
                "for f in "
                    + roots
                    + " /host"
                    + daemon.execRoot()
                    + "/* "
                    + bundle
                    + "; do touch $f/x && echo wrote $f; ls $f && echo listed $f; done;"
                    + " cat "
                    + bundle
                    + "/config.json; echo no > /host"
                    + canary.folder()
                    + "/secret; chmod 777 /host"
                    + canary.folder()
                    + "; touch /host/etc/x && echo wrote etc; echo done")
            .ok()
            .out();

    assertThat(said).isEqualTo("done\n");
    canary.isUntouched();
  }
}
