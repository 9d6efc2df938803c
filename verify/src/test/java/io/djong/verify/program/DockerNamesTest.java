package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Containers find each other by name.
@ExtendWith(SharedDaemon.class)
class DockerNamesTest {
  private final LiveDaemon daemon;

  DockerNamesTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @AfterEach
  void removeAll() throws Exception {
    for (String id : daemon.docker("ps", "-aq", "--filter", "name=nam-").ok().lines()) {
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

  private static void run(LiveDaemon on, String name, String... more) throws Exception {
    List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
    command.addAll(List.of(more));
    command.addAll(List.of("busybox", "sleep", "1000"));
    on.docker(command.toArray(String[]::new)).ok();
  }

  private static String in(LiveDaemon on, String container, String script) throws Exception {
    return on.docker("exec", container, "sh", "-c", script).out().strip();
  }

  private String lookedUp(String container, String name) throws Exception {
    return in(
        daemon, container, "nslookup -type=a " + name + " | sed -n 's/^Address: *//p' | sed 1d");
  }

  @Test
  void namesAliasesIdsAndWildcardsLeadToTheContainer() throws Exception {
    daemon.docker("network", "create", "--subnet", "10.202.1.0/24", "quay").ok();
    run(daemon, "nam-one", "--network", "quay", "--ip", "10.202.1.10");
    run(
        daemon,
        "nam-two",
        "--network",
        "quay",
        "--ip",
        "10.202.1.11",
        "--hostname",
        "captain",
        "--network-alias",
        "db",
        "--network-alias",
        "*.db");
    String id = daemon.docker("ps", "-q", "--filter", "name=nam-two").ok().line();

    for (String name :
        List.of(
            "nam-two", "NAM-TWO", "db", "captain", id, "nam-two.quay", "shard-1.db", "a.b.db")) {
      assertThat(lookedUp("nam-one", name)).as(name).isEqualTo("10.202.1.11");
    }
    assertThat(in(daemon, "nam-one", "nslookup 10.202.1.11")).contains("name = nam-two.quay");
    assertThat(in(daemon, "nam-one", "nslookup nam-three")).contains("NXDOMAIN");
    assertThat(
            daemon
                .docker(
                    "inspect", "-f", "{{json .NetworkSettings.Networks.quay.DNSNames}}", "nam-two")
                .ok()
                .line())
        .isEqualTo("[\"nam-two\",\"db\",\"*.db\",\"" + id + "\",\"captain\"]");
    daemon.docker("rename", "nam-two", "nam-new").ok();
    assertThat(lookedUp("nam-one", "nam-new")).isEqualTo("10.202.1.11");
    assertThat(lookedUp("nam-one", "nam-two")).isEmpty();
  }

  @Test
  void anAliasOfSeveralIsAllOfThem() throws Exception {
    daemon.docker("network", "create", "--subnet", "10.202.2.0/24", "quay").ok();
    run(daemon, "nam-one", "--network", "quay", "--ip", "10.202.2.10", "--network-alias", "web");
    run(daemon, "nam-two", "--network", "quay", "--ip", "10.202.2.11", "--network-alias", "web");

    assertThat(lookedUp("nam-one", "web").lines())
        .containsExactlyInAnyOrder("10.202.2.10", "10.202.2.11");
    daemon.docker("stop", "-t", "0", "nam-two").ok();
    assertThat(lookedUp("nam-one", "web")).isEqualTo("10.202.2.10");
  }

  @Test
  void aNameIsKnownInItsOwnNetworkAlone() throws Exception {
    daemon.docker("network", "create", "--subnet", "10.202.3.0/24", "east").ok();
    daemon.docker("network", "create", "--subnet", "10.202.4.0/24", "west").ok();
    run(daemon, "nam-one", "--network", "east");
    run(daemon, "nam-two", "--network", "west");

    assertThat(lookedUp("nam-one", "nam-two")).isEmpty();
    daemon.docker("network", "connect", "--alias", "guest", "east", "nam-two").ok();
    assertThat(lookedUp("nam-one", "nam-two")).startsWith("10.202.3.");
    assertThat(lookedUp("nam-one", "guest")).startsWith("10.202.3.");
    daemon.docker("network", "disconnect", "east", "nam-two").ok();
    assertThat(lookedUp("nam-one", "nam-two")).isEmpty();
  }

  @Test
  void aContainerThatIsConnectedLaterGetsNames() throws Exception {
    daemon.docker("network", "create", "--subnet", "10.202.5.0/24", "quay").ok();
    run(daemon, "nam-one");
    run(daemon, "nam-two", "--network", "quay", "--ip", "10.202.5.9");

    assertThat(in(daemon, "nam-one", "cat /etc/resolv.conf")).doesNotContain("127.0.0.11");
    daemon.docker("network", "connect", "quay", "nam-one").ok();
    assertThat(in(daemon, "nam-one", "cat /etc/resolv.conf")).contains("nameserver 127.0.0.11");
    assertThat(lookedUp("nam-one", "nam-two")).isEqualTo("10.202.5.9");
  }

  @Test
  void anInternalNetworkAsksNobodyOutside() throws Exception {
    daemon.docker("network", "create", "--internal", "--subnet", "10.202.6.0/24", "cellar").ok();
    run(daemon, "nam-one", "--network", "cellar", "--dns", "192.0.2.1");

    assertThat(in(daemon, "nam-one", "nslookup -type=a example.org")).contains("SERVFAIL");
    assertThat(lookedUp("nam-one", "nam-one")).isEqualTo("10.202.6.2");
  }

  @Test
  void linksAreNamesOnNetworksOfUsersAndHostsAndVariablesOnTheDefaultOne() throws Exception {
    daemon.docker("network", "create", "--subnet", "10.202.9.0/24", "quay").ok();
    run(daemon, "nam-db", "--network", "quay", "--ip", "10.202.9.5");
    run(daemon, "nam-one", "--network", "quay", "--link", "nam-db:database");
    assertThat(lookedUp("nam-one", "database")).isEqualTo("10.202.9.5");

    run(daemon, "nam-old", "--expose", "5432", "-e", "CREW=day");
    String address =
        daemon.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "nam-old").ok().line();
    run(daemon, "nam-two", "--link", "nam-old:db");
    assertThat(in(daemon, "nam-two", "grep db /etc/hosts"))
        .startsWith(address + "\tdb ")
        .endsWith("nam-old");
    assertThat(in(daemon, "nam-two", "tr '\\0' '\\n' < /proc/1/environ"))
        .contains("DB_NAME=/nam-two/db")
        .contains("DB_PORT_5432_TCP_ADDR=" + address)
        .contains("DB_ENV_CREW=day");
    daemon.docker("stop", "-t", "0", "nam-old").ok();
    assertThat(
            daemon
                .docker("run", "--name", "nam-three", "--link", "nam-old:db", "busybox", "true")
                .err())
        .contains("Cannot link to a non running container: /nam-old AS /nam-three/db");
  }

  @Test
  void namesAreBackWithTheDaemon() throws Exception {
    try (LiveDaemon own = LiveDaemon.withBusybox()) {
      own.docker("network", "create", "--subnet", "10.202.10.0/24", "quay").ok();
      run(own, "one", "--network", "quay");
      run(own, "two", "--network", "quay");
      own.kill();
      assertThat(in(own, "one", "true")).isEmpty();
      own.launch();

      assertThat(in(own, "one", "nslookup -type=a two")).contains("10.202.10.3");
      own.docker("rm", "-f", "one", "two").ok();
      own.docker("network", "rm", "quay").ok();
    }
  }
}
