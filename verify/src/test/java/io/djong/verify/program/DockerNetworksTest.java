package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Networks of users, by the stock command line.
@ExtendWith(SharedDaemon.class)
class DockerNetworksTest {
  private final LiveDaemon daemon;

  DockerNetworksTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @AfterEach
  void removeAll() throws Exception {
    for (String id : daemon.docker("ps", "-aq", "--filter", "name=net-").ok().lines()) {
      daemon.docker("rm", "-f", id).ok();
    }
    for (String name :
        daemon
            .docker("network", "ls", "--format", "{{.Name}}", "--filter", "type=custom")
            .ok()
            .lines()) {
      daemon.docker("network", "rm", name).ok();
    }
  }

  private void run(String name, String... more) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("run", "-d", "--name", name));
    command.addAll(List.of(more));
    command.addAll(List.of("busybox", "sleep", "1000"));
    daemon.docker(command.toArray(String[]::new)).ok();
  }

  private String in(String container, String script) throws Exception {
    return daemon.docker("exec", container, "sh", "-c", script).ok().line();
  }

  private String refusal(String... arguments) throws Exception {
    Program.Result refused = daemon.docker(arguments);
    assertThat(refused.code()).isNotZero();
    return refused.err();
  }

  @Test
  void aNetworkIsMadeShownAndRemoved() throws Exception {
    String id =
        daemon
            .docker(
                "network",
                "create",
                "--subnet",
                "10.201.7.0/24",
                "--gateway",
                "10.201.7.254",
                "--ip-range",
                "10.201.7.128/25",
                "--aux-address",
                "printer=10.201.7.129",
                "--label",
                "crew=day",
                "-o",
                "com.docker.network.driver.mtu=1300",
                "harbour")
            .ok()
            .line();

    assertThat(daemon.docker("network", "inspect", "harbour").ok().out())
        .contains("\"Subnet\": \"10.201.7.0/24\"")
        .contains("\"IPRange\": \"10.201.7.128/25\"")
        .contains("\"Gateway\": \"10.201.7.254\"")
        .contains("\"printer\": \"10.201.7.129\"")
        .contains("\"crew\": \"day\"");
    run("net-one", "--network", id.substring(0, 10));
    assertThat(in("net-one", "ip -4 addr show eth0; ip route; cat /sys/class/net/eth0/mtu"))
        .contains("10.201.7.128/24")
        .contains("default via 10.201.7.254")
        .endsWith("1300");
    assertThat(daemon.docker("network", "ls", "-q", "--filter", "label=crew=day").ok().line())
        .isEqualTo(id.substring(0, 12));
    assertThat(refusal("network", "rm", "harbour"))
        .contains("has active endpoints (name:\"net-one\"");
    daemon.docker("rm", "-f", "net-one").ok();
    daemon.docker("network", "rm", "harbour").ok();
    assertThat(refusal("network", "inspect", "harbour")).contains("network harbour not found");
  }

  @Test
  void containersOfOneNetworkReachEachOtherAndThoseOfAnotherDoNot() throws Exception {
    daemon.docker("network", "create", "--subnet", "10.201.8.0/24", "east").ok();
    daemon.docker("network", "create", "--subnet", "10.201.9.0/24", "west").ok();
    run(
        "net-one",
        "--network",
        "east",
        "--ip",
        "10.201.8.10",
        "--mac-address",
        "02:42:00:00:00:99");
    run("net-two", "--network", "east");
    run("net-three", "--network", "west");

    assertThat(in("net-one", "cat /sys/class/net/eth0/address")).isEqualTo("02:42:00:00:00:99");
    assertThat(in("net-two", "ping -c 1 -W 2 10.201.8.10 >/dev/null && echo reached"))
        .isEqualTo("reached");
    assertThat(in("net-three", "ping -c 1 -W 1 10.201.8.10 >/dev/null || echo silence"))
        .isEqualTo("silence");
    daemon.docker("network", "connect", "west", "net-two").ok();
    String two = in("net-two", "ip -4 addr show eth1 | grep -o 'inet [0-9.]*' | cut -c6-");
    assertThat(in("net-three", "ping -c 1 -W 2 " + two + " >/dev/null && echo reached"))
        .isEqualTo("reached");
    daemon.docker("network", "disconnect", "west", "net-two").ok();
    assertThat(in("net-two", "ls /sys/class/net").lines()).doesNotContain("eth1");
    assertThat(
            daemon
                .docker("inspect", "-f", "{{json .NetworkSettings.Networks}}", "net-two")
                .ok()
                .line())
        .contains("\"east\"")
        .doesNotContain("\"west\"");
  }

  @Test
  void theWayOutGoesByThePriorityAndPublishedPortsWithIt() throws Exception {
    daemon.docker("network", "create", "--subnet", "10.201.10.0/24", "alpha").ok();
    daemon.docker("network", "create", "--subnet", "10.201.11.0/24", "beta").ok();
    daemon.docker("network", "create", "--internal", "--subnet", "10.201.12.0/24", "cellar").ok();
    run(
        "net-one",
        "-p",
        "127.0.0.1::80",
        "--network",
        "name=alpha",
        "--network",
        "name=beta,gw-priority=1",
        "--network",
        "cellar");

    assertThat(in("net-one", "ip route"))
        .contains("default via 10.201.11.1")
        .contains("10.201.12.0/24");
    String port = daemon.docker("port", "net-one", "80").ok().line();
    daemon.docker("network", "disconnect", "beta", "net-one").ok();
    assertThat(in("net-one", "ip route")).contains("default via 10.201.10.1");
    assertThat(daemon.docker("port", "net-one", "80").ok().line())
        .startsWith("127.0.0.1:")
        .isNotEqualTo("");
    daemon.docker("network", "disconnect", "alpha", "net-one").ok();
    assertThat(in("net-one", "ip route")).doesNotContain("default");
    assertThat(daemon.docker("port", "net-one").ok().line()).isEmpty();
    assertThat(port).startsWith("127.0.0.1:");
  }

  @Test
  void whatCannotBeIsRefusedInDockersWords() throws Exception {
    daemon.docker("network", "create", "--subnet", "10.201.13.0/24", "first").ok();
    run("net-one", "--network", "first");

    assertThat(refusal("network", "create", "first"))
        .contains("network with name first already exists");
    assertThat(refusal("network", "create", "bridge"))
        .contains("operation is not permitted on predefined bridge network");
    assertThat(refusal("network", "create", "--subnet", "10.201.0.0/16", "x"))
        .contains("Pool overlaps with other one on this address space");
    assertThat(refusal("network", "create", "--subnet", "10.201.14.5/24", "x"))
        .contains("invalid subnet 10.201.14.5/24: it should be 10.201.14.0/24");
    assertThat(refusal("network", "create", "--driver", "nosuch", "x"))
        .contains("plugin \"nosuch\" not found");
    assertThat(refusal("network", "rm", "host"))
        .contains("host is a pre-defined network and cannot be removed");
    assertThat(refusal("network", "connect", "first", "net-one"))
        .contains("endpoint with name net-one already exists in network first");
    assertThat(refusal("network", "connect", "nosuch", "net-one"))
        .contains("network nosuch not found");
    assertThat(refusal("network", "connect", "none", "net-one")).contains("in private (none) mode");
    assertThat(refusal("network", "connect", "host", "net-one"))
        .contains("cannot connect container to host network");
    assertThat(refusal("network", "disconnect", "bridge", "net-one"))
        .contains("is not connected to network bridge");
    assertThat(
            refusal(
                "run",
                "--name",
                "net-two",
                "--network",
                "first",
                "--ip",
                "10.9.9.9",
                "busybox",
                "true"))
        .contains("no configured subnet or ip-range contain the IP address 10.9.9.9");
    assertThat(
            refusal(
                "run",
                "--name",
                "net-two",
                "--network",
                "first",
                "--ip",
                "10.201.13.2",
                "busybox",
                "true"))
        .contains("failed to set up container networking: Address already in use");
    assertThat(refusal("run", "--name", "net-three", "--network", "nosuch", "busybox", "true"))
        .contains("network nosuch not found");
  }

  /// What is said to a container on the network `odd` with this option; nothing of it stays.
  private String refusalOnOdd(String option, String value) throws Exception {
    String said =
        refusal("run", "--name", "net-one", "--network", "odd", option, value, "busybox", "true");
    daemon.docker("rm", "-f", "net-one");
    return said;
  }

  @Test
  void namesThatAreNoneAndHardwareAddressesThatCannotBeAreRefusedAndLeaveNothing()
      throws Exception {
    List<String> before = daemon.docker("network", "ls", "-q").ok().lines();
    for (String name : List.of(" ", "a/b", ".", "..", "x\u001b[2J", "x\ny")) {
      assertThat(refusal("network", "create", "--", name)).as(name).contains("invalid");
    }
    daemon.docker("network", "create", "odd").ok();
    for (String mac :
        List.of("02:42", "zz:zz:zz:zz:zz:zz", "01:00:5e:00:00:01", "00:00:00:00:00:00")) {
      assertThat(refusalOnOdd("--mac-address", mac)).as(mac).isNotEmpty();
    }
    assertThat(refusalOnOdd("--network-alias", "a..b c")).contains("invalid alias");
    // The same alias twice, and for two.
    run("net-one", "--network", "odd", "--network-alias", "twin", "--network-alias", "twin");
    run("net-two", "--network", "odd", "--network-alias", "twin");
    assertThat(
            daemon.docker("exec", "net-one", "nslookup", "twin.odd").ok().lines().stream()
                .filter(line -> line.startsWith("Address") && !line.contains("127.0.0.11"))
                .filter(line -> line.contains("."))
                .distinct())
        .hasSize(2);
    daemon.docker("rm", "-f", "net-one", "net-two").ok();
    daemon.docker("network", "rm", "odd").ok();
    assertThat(daemon.docker("network", "ls", "-q").ok().lines()).isEqualTo(before);
  }

  @Test
  void anExhaustedSubnetRefusesTheNextContainerAlone() throws Exception {
    daemon.docker("network", "create", "--subnet", "10.201.15.0/30", "tiny").ok();
    run("net-one", "--network", "tiny");

    assertThat(refusal("run", "--name", "net-two", "--network", "tiny", "busybox", "true"))
        .contains("no available IPv4 addresses on network tiny");
    daemon.docker("rm", "-f", "net-one", "net-two").ok();
    run("net-three", "--network", "tiny");
  }

  @Test
  void aContainerMayStandInTheNetworkOfADeviceOfTheHost() throws Exception {
    ip("link", "add", "vnet-p0", "type", "veth", "peer", "name", "vnet-p1");
    try {
      ip("link", "set", "vnet-p0", "up");
      ip("link", "set", "vnet-p1", "up");
      ip("addr", "add", "10.201.18.9/24", "dev", "vnet-p1");
      daemon
          .docker(
              "network",
              "create",
              "-d",
              "macvlan",
              "-o",
              "parent=vnet-p0",
              "--subnet",
              "10.201.18.0/24",
              "lan")
          .ok();
      run("net-one", "--network", "lan", "--ip", "10.201.18.2");
      run("net-two", "--network", "lan");

      assertThat(in("net-two", "ping -c 1 -W 2 10.201.18.9 >/dev/null && echo reached"))
          .isEqualTo("reached");
      assertThat(in("net-two", "ping -c 1 -W 2 net-one >/dev/null && echo reached"))
          .isEqualTo("reached");
      assertThat(refusal("network", "create", "-d", "macvlan", "-o", "parent=nosuch", "x"))
          .contains("nosuch was not found");
      Program.Result ipvlan =
          daemon.docker("network", "create", "-d", "ipvlan", "-o", "parent=vnet-p0", "other");
      assertThat(ipvlan.code() == 0 || ipvlan.err().contains("operation not supported")).isTrue();
      daemon.docker("rm", "-f", "net-one", "net-two").ok();
    } finally {
      ip("link", "del", "vnet-p0");
    }
  }

  private static void ip(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Program.run(command, java.util.Map.of(), null).ok();
  }

  @Test
  void aDeviceOfTheHostIsNoNetworksToTake() throws Exception {
    ip("link", "add", "vnet-b0", "type", "bridge");
    try {
      assertThat(
              refusal("network", "create", "-o", "com.docker.network.bridge.name=vnet-b0", "thief"))
          .contains("vnet-b0 already");
      ip("link", "show", "vnet-b0");
    } finally {
      ip("link", "del", "vnet-b0");
    }
  }

  @Test
  void networksAndPlacesOutliveTheDaemon() throws Exception {
    try (LiveDaemon own = LiveDaemon.withBusybox()) {
      own.docker("network", "create", "--subnet", "10.201.16.0/24", "kept").ok();
      own.docker("run", "-d", "--name", "still", "--network", "kept", "busybox", "sleep", "1000")
          .ok();
      String before =
          own.docker("inspect", "-f", "{{json .NetworkSettings.Networks}}", "still").ok().line();
      own.kill();
      own.launch();

      assertThat(
              own.docker("inspect", "-f", "{{json .NetworkSettings.Networks}}", "still")
                  .ok()
                  .line())
          .isEqualTo(before);
      assertThat(own.docker("network", "rm", "kept").err()).contains("has active endpoints");
      assertThat(
              own.docker(
                      "run",
                      "--rm",
                      "--network",
                      "kept",
                      "busybox",
                      "ping",
                      "-c",
                      "1",
                      "-W",
                      "2",
                      "10.201.16.2")
                  .ok()
                  .out())
          .contains("1 packets received");
      own.docker("rm", "-f", "still").ok();
      own.docker("network", "rm", "kept").ok();
    }
  }

  @Test
  void ourOwnCommandLineDoesTheSame() throws Exception {
    daemon.djong("network", "create", "--subnet", "10.201.17.0/24", "--internal", "quay").ok();
    daemon
        .djong(
            "run",
            "-d",
            "--name",
            "net-one",
            "--network",
            "name=quay,ip=10.201.17.9",
            "busybox",
            "sleep",
            "1000")
        .ok();
    assertThat(in("net-one", "ip -4 addr show eth0")).contains("10.201.17.9/24");
    daemon.djong("network", "connect", "bridge", "net-one").ok();
    assertThat(in("net-one", "ip route")).contains("default via");
    daemon.djong("network", "disconnect", "bridge", "net-one").ok();
    daemon.djong("rm", "-f", "net-one").ok();
    assertThat(daemon.djong("network", "prune", "-f").ok().out()).contains("quay");
  }

  @Test
  void manyMayChangeOneNetworkAtOnceAndNothingIsLeft() throws Exception {
    daemon.docker("network", "create", "busy").ok();
    Set<String> allowed = new HashSet<>(devices());
    List<String> names = List.of("net-a", "net-b", "net-c");
    for (String name : names) {
      run(name);
    }
    // The first container has brought the bridge that all have by default.
    devices().stream().filter(name -> name.startsWith("djong")).forEach(allowed::add);
    try (var crew = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (String name : names) {
        all.add(crew.submit(() -> comeAndGo(name)));
        all.add(crew.submit(() -> comeAndGo(name)));
      }
      all.add(crew.submit(() -> daemon.docker("network", "rm", "busy")));
      for (Future<?> one : all) {
        one.get();
      }
    }
    for (String name : names) {
      daemon.docker("network", "disconnect", "busy", name);
      assertThat(in(name, "ls /sys/class/net").lines()).containsExactly("eth0", "lo");
      daemon.docker("rm", "-f", name).ok();
    }
    daemon.docker("network", "rm", "busy");
    assertThat(refusal("network", "inspect", "busy")).contains("not found");
    Waiting.until("no device beside " + allowed + " is left", () -> allowed.containsAll(devices()));
  }

  private Program.Result comeAndGo(String name) throws Exception {
    daemon.docker("network", "connect", "busy", name);
    daemon.docker("network", "connect", "--alias", "x", "busy", name);
    return daemon.docker("network", "disconnect", "busy", name);
  }

  private static List<String> devices() throws Exception {
    return Program.run(List.of("ls", "/sys/class/net"), java.util.Map.of(), null).ok().lines();
  }
}
