package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Who reaches published ports: this host, a neighbour of it, containers. By the stock command
/// line.
@ExtendWith(SharedDaemon.class)
class DockerPublishingTest {
  private final LiveDaemon daemon;
  private Neighbour neighbour;
  @TempDir Path folder = Path.of("");

  DockerPublishingTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @BeforeEach
  void meet() throws Exception {
    neighbour = Neighbour.start();
  }

  @AfterEach
  void removeAll() throws Exception {
    neighbour.close();
    for (String id : daemon.docker("ps", "-aq", "--filter", "name=pub-").ok().lines()) {
      daemon.docker("rm", "-f", id).ok();
    }
    for (String name : daemon.docker("network", "ls", "-q", "--filter", "name=pub-").ok().lines()) {
      daemon.docker("network", "rm", name).ok();
    }
  }

  /// A web server that says `tea`; returns when it listens.
  private static void serve(LiveDaemon daemon, String name, String... more) throws Exception {
    List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
    command.addAll(List.of(more));
    command.addAll(
        List.of("busybox", "sh", "-c", "mkdir /w; echo tea > /w/f; exec httpd -f -p 80 -h /w"));
    daemon.docker(command.toArray(String[]::new)).ok();
    daemon
        .docker("exec", name, "sh", "-c", "until wget -q -O - http://127.0.0.1/f; do :; done")
        .ok();
  }

  private String in(String container, String script) throws Exception {
    return daemon.docker("exec", container, "sh", "-c", script).ok().line();
  }

  @Test
  void aPortOnTheLoopbackIsThisHostsAlone() throws Exception {
    serve(daemon, "pub-web", "-p", "127.0.0.1:18081:80");
    daemon.docker("network", "create", "pub-net").ok();
    daemon
        .docker(
            "run",
            "-d",
            "--name",
            "pub-other",
            "--network",
            "pub-net",
            "--privileged",
            "busybox",
            "sleep",
            "1000")
        .ok();
    String gateway = in("pub-other", "ip route | grep default | cut -d' ' -f3");

    assertThat(Neighbour.getFromHere("127.0.0.1", 18081)).isEqualTo("tea");
    assertThat(neighbour.get(Neighbour.HOST, 18081)).isEmpty();
    neighbour
        .run(
            "ip addr del 127.0.0.1/8 dev lo; ip route add 127.0.0.1/32 via "
                + Neighbour.HOST
                + "; echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet")
        .ok();
    assertThat(neighbour.get("127.0.0.1", 18081)).isEmpty();
    assertThat(in("pub-other", "wget -T 1 -q -O - http://" + gateway + ":18081/f || echo no"))
        .isEqualTo("no");
    assertThat(
            in(
                "pub-other",
                "ip addr del 127.0.0.1/8 dev lo; ip route add 127.0.0.1/32 via "
                    + gateway
                    + "; echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet;"
                    + " wget -T 1 -q -O - http://127.0.0.1:18081/f || echo no"))
        .isEqualTo("no");
  }

  @Test
  void onlyGuestsComeToAPortThatIsPublishedForThem() throws Exception {
    serve(
        daemon, "pub-web", "-p", "18082:80", "--annotation", "io.djong.publish-from=192.0.2.0/24");
    serve(
        daemon,
        "pub-two",
        "-p",
        "18083:80",
        "--annotation",
        "io.djong.publish-from=192.0.2.0/24," + Neighbour.ADDRESS);

    assertThat(neighbour.get(Neighbour.HOST, 18082)).isEmpty();
    assertThat(neighbour.get(Neighbour.HOST, 18083)).isEqualTo("tea");
    assertThat(Neighbour.getFromHere("127.0.0.1", 18082)).isEqualTo("tea");
    assertThat(
            daemon
                .docker("create", "--annotation", "io.djong.publish-from=10.0.0.0/33", "busybox")
                .err())
        .contains("invalid CIDR");
  }

  @Test
  void aNetworkHasBothFamiliesInsideAndOut() throws Exception {
    daemon.docker("network", "create", "pub-net").ok();
    serve(daemon, "pub-web", "--network", "pub-net", "-p", "18084:80");
    daemon
        .docker(
            "run", "-d", "--name", "pub-two", "--network", "pub-net", "busybox", "sleep", "1000")
        .ok();

    assertThat(daemon.docker("network", "inspect", "pub-net").ok().out())
        .contains("\"EnableIPv6\": true")
        .contains("\"Subnet\": \"fd");
    String six = in("pub-web", "ip -6 addr show dev eth0 scope global | grep -o 'fd[0-9a-f:]*'");
    String pid = daemon.docker("inspect", "-f", "{{.State.Pid}}", "pub-two").ok().line();
    assertThat(Neighbour.getFrom(pid, six, 80)).isEqualTo("tea");
    assertThat(in("pub-two", "nslookup -type=aaaa pub-web")).contains(six);
    assertThat(neighbour.get(Neighbour.HOST, 18084)).isEqualTo("tea");
    assertThat(neighbour.get(Neighbour.HOST6, 18084)).isEqualTo("tea");
    assertThat(neighbour.get(six, 80)).isEmpty();
    // Masqueraded: the neighbour knows no way back to the container.
    Files.writeString(folder.resolve("f"), "out");
    neighbour
        .run(
            "timeout 30 busybox httpd -f -p 8080 -h "
                + folder
                + " >/dev/null 2>&1 </dev/null & until : < /dev/tcp/127.0.0.1/8080; do :; done 2>/dev/null")
        .ok();
    assertThat(Neighbour.getFrom(pid, Neighbour.ADDRESS6, 8080)).isEqualTo("out");
    assertThat(daemon.docker("network", "create", "--ipv6=false", "pub-four").ok().code()).isZero();
    assertThat(daemon.docker("network", "inspect", "pub-four").ok().out())
        .contains("\"EnableIPv6\": false");
  }

  @Test
  void whereTheHostForwardsNothingContainersAreReachedAndReachOthers() throws Exception {
    Program.run(List.of("iptables", "-w", "-P", "FORWARD", "DROP"), Map.of(), null).ok();
    try {
      daemon.docker("network", "create", "pub-net").ok();
      serve(daemon, "pub-web", "--network", "pub-net", "-p", "18085:80");

      assertThat(neighbour.get(Neighbour.HOST, 18085)).isEqualTo("tea");
      assertThat(in("pub-web", "ping -c 1 -W 2 " + Neighbour.ADDRESS + " >/dev/null && echo out"))
          .isEqualTo("out");
    } finally {
      Program.run(List.of("iptables", "-w", "-P", "FORWARD", "ACCEPT"), Map.of(), null).ok();
    }
  }

  @Test
  void aDaemonMayPublishOnOneAddressAndForGuestsUnlessToldOtherwise() throws Exception {
    try (LiveDaemon own =
        LiveDaemon.withBusybox("--ip", Neighbour.HOST, "--publish-from", "192.0.2.0/24")) {
      serve(own, "one", "-p", "18086:80");
      serve(own, "two", "-p", "18087:80", "--annotation", "io.djong.publish-from=0.0.0.0/0");

      assertThat(own.docker("port", "one").ok().line())
          .isEqualTo("80/tcp -> " + Neighbour.HOST + ":18086");
      assertThat(neighbour.get(Neighbour.HOST, 18086)).isEmpty();
      assertThat(Neighbour.getFromHere(Neighbour.HOST, 18086)).isEqualTo("tea");
      assertThat(neighbour.get(Neighbour.HOST, 18087)).isEqualTo("tea");
      own.kill();
      own.launch();
      assertThat(neighbour.get(Neighbour.HOST, 18086)).isEmpty();
      assertThat(neighbour.get(Neighbour.HOST, 18087)).isEqualTo("tea");
    }
  }
}
