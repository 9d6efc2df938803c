package io.djong.network.bridge;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.linux.Netlink;
import io.djong.linux.NetlinkBatch;
import io.djong.linux.Nftables;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.network.Network;
import io.djong.network.NetworkDriver;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.EndpointRequest;
import io.djong.network.NetworkDriver.Port;
import io.djong.network.Sandbox;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What connects, what is left behind, and what the next daemon finds.
class BridgeDriverTest extends OnTheKernel {
  @Test
  void containersOfANetworkReachEachOther() throws IOException {
    Sandbox one = sandboxes.open("one");
    Sandbox two = sandboxes.open("two");
    Endpoint first = connect(one);
    Endpoint second = connect(two);

    assertThat(first.address()).isNotEqualTo(second.address());
    try (ServerSocket server = listen(one, 80)) {
      assertThat(ask(in(two), server, address(first), 80)).isEqualTo(address(second));
    }
  }

  @Test
  void theDeviceHasTheNameAddressAndMtuThatTheEndpointSays() throws IOException {
    Sandbox one = sandboxes.open("one");
    Endpoint endpoint = connect(one);

    Netlink.Link device =
        in(one)
            .call(
                () -> {
                  try (Netlink inside = Netlink.open()) {
                    return requireNonNull(inside.link("eth0"));
                  }
                });
    assertThat(device.up()).isTrue();
    assertThat(device.mac()).isEqualTo(endpoint.mac()).startsWith("02:42:");
    assertThat(device.mtu()).isEqualTo(network.mtu());
  }

  @Test
  void containersReachTheOutsideUnderTheAddressOfTheHost() throws IOException {
    Sandbox one = sandboxes.open("one");
    connect(one);

    try (ServerSocket server = neighbour.call(() -> new ServerSocket(8080))) {
      assertThat(ask(in(one), server, NEIGHBOUR, 8080)).isEqualTo(HOST);
    }
  }

  @Test
  void addressesAndPortsAreGivenAgainAfterADisconnect() throws IOException {
    Sandbox one = sandboxes.open("one");
    Endpoint before = connect(one, new Port(80, "tcp", ANY, 0));
    Port same = before.ports().getFirst();
    driver.disconnect(network, before, null);
    sandboxes.remove(one);

    Sandbox two = sandboxes.open("two");
    Endpoint after = connect(two, same);

    assertThat(after.address()).isEqualTo(before.address());
    try (ServerSocket server = listen(two, 80)) {
      assertThat(ask(neighbour, server, HOST, same.hostPort())).isEqualTo(NEIGHBOUR);
    }
  }

  @Test
  void theNextDaemonTakesOverWhatIsConnected() throws IOException {
    Sandbox one = sandboxes.open("one");
    Endpoint endpoint = connect(one, new Port(80, "tcp", ANY, 0));
    Port port = endpoint.ports().getFirst();
    driver.close();
    driver = BridgeDriver.open(TABLE);
    assertThat(driver.plan(network.id(), "trial", network.device())).isEqualTo(network);

    driver.up(network);
    try (ServerSocket server = listen(one, 80)) {
      assertThat(ask(neighbour, server, HOST, port.hostPort())).isEqualTo(NEIGHBOUR);
    }
    driver.adopt(network, endpoint);
    assertThatThrownBy(() -> connect(sandboxes.open("two"), port))
        .isInstanceOf(Fault.Conflict.class);
    assertThat(connect(sandboxes.open("three")).address()).isNotEqualTo(endpoint.address());
    driver.disconnect(network, endpoint, null);
    connect(sandboxes.open("four"), port);
  }

  /// A table that was made without an owner cannot be taken, as all are before Linux 6.9.
  private void withTableOfNobody() throws IOException {
    driver.down(network);
    try (Nftables nft = Nftables.open()) {
      nft.run("add table inet " + TABLE);
    }
    driver.up(network);
  }

  @Test
  void nobodyElseCanDeleteOrFlushTheTable() throws IOException {
    Sandbox one = sandboxes.open("one");
    Endpoint endpoint = connect(one, new Port(80, "tcp", ANY, 0));
    try (Nftables nft = Nftables.open()) {
      assertThatThrownBy(() -> nft.run("flush table inet " + TABLE))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> nft.delete(TABLE)).isInstanceOf(IOException.class);
    }
    driver.disconnect(network, endpoint, null);
    Endpoint again = connect(one, new Port(80, "tcp", ANY, 0));

    try (ServerSocket server = listen(one, 80)) {
      int port = again.ports().getFirst().hostPort();
      assertThat(ask(neighbour, server, HOST, port)).isEqualTo(NEIGHBOUR);
    }
  }

  @Test
  void aDeviceThatNoRecordNamesIsSweptAwayAndThoseThatAreKnownStay() throws IOException {
    Endpoint stranger = connect(sandboxes.open("one"));
    Endpoint known = connect(sandboxes.open("two"));
    driver.close();
    driver = BridgeDriver.open(TABLE);
    driver.up(network);
    driver.adopt(network, known);
    driver.sweep();
    driver.close();
    driver = BridgeDriver.open(TABLE);
    driver.up(network);

    try (Netlink host = Netlink.open()) {
      assertThat(host.link(stranger.hostDevice())).isNull();
      assertThat(host.link(known.hostDevice())).isNotNull();
    }
  }

  @Test
  void upRepairsWhatWasFlushed() throws IOException {
    withTableOfNobody();
    Sandbox one = sandboxes.open("one");
    Endpoint endpoint = connect(one, new Port(80, "tcp", ANY, 0));
    int port = endpoint.ports().getFirst().hostPort();
    try (Nftables nft = Nftables.open();
        Netlink host = Netlink.open()) {
      nft.run("delete table inet " + TABLE);
      host.apply(new NetlinkBatch().deleteLink(network.device()));
    }

    driver.up(network);

    try (ServerSocket server = listen(one, 80)) {
      assertThat(ask(neighbour, server, HOST, port)).isEqualTo(NEIGHBOUR);
    }
  }

  @Test
  void publishingRepairsATableThatWasDeleted() throws IOException {
    withTableOfNobody();
    try (Nftables nft = Nftables.open()) {
      nft.run("delete table inet " + TABLE);
    }
    Sandbox one = sandboxes.open("one");
    Endpoint endpoint = connect(one, new Port(80, "tcp", ANY, 0));

    try (ServerSocket server = listen(one, 80)) {
      assertThat(ask(neighbour, server, HOST, endpoint.ports().getFirst().hostPort()))
          .isEqualTo(NEIGHBOUR);
    }
  }

  @Test
  void sandboxesAreFoundUntilTheyAreRemoved() throws IOException {
    Sandbox one = sandboxes.open("one");

    assertThat(sandboxes.find("one")).isEqualTo(one);
    assertThat(sandboxes.list()).containsExactly(one);
    sandboxes.remove(one);
    sandboxes.remove(one);
    assertThat(sandboxes.find("one")).isNull();
    assertThat(sandboxes.list()).isEmpty();
    assertThat(Files.exists(one.path())).isFalse();
  }

  @Test
  void connectingTwiceIsConnectingOnce() throws IOException {
    Sandbox one = sandboxes.open("one");
    EndpointRequest request = request("one", List.of());

    Endpoint endpoint = driver.connect(network, one, request);

    assertThat(driver.connect(network, one, request)).isEqualTo(endpoint);
    driver.disconnect(network, endpoint, null);
    driver.disconnect(network, endpoint, null);
  }

  /// Whose it is may differ: the next one is ours alone.
  private static String content(Nftables nft) throws IOException {
    String table = nft.run("list table inet " + TABLE);
    return table.substring(table.indexOf("\tset "));
  }

  @Test
  void aTableThatSomebodyFlushesIsBackAtOnce() throws IOException {
    withTableOfNobody();
    Sandbox one = sandboxes.open("one");
    Endpoint endpoint = connect(one, new Port(80, "tcp", ANY, 0));
    try (Nftables nft = Nftables.open()) {
      String before = content(nft);
      nft.run("delete table inet " + TABLE);
      long deadline = System.nanoTime() + 5_000_000_000L;
      // It is there before its chains and sets are, which come in one.
      while (!nft.run("list ruleset").contains(before) && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }

      assertThat(content(nft)).isEqualTo(before);
    }
    try (ServerSocket server = listen(one, 80)) {
      int port = endpoint.ports().getFirst().hostPort();
      assertThat(ask(neighbour, server, HOST, port)).isEqualTo(NEIGHBOUR);
    }
  }

  @Test
  void aBridgeThatWasThereBeforeStays() throws IOException {
    try (Netlink host = Netlink.open()) {
      host.apply(new NetlinkBatch().addBridge("network-t9", null, 1500));
      try {
        Network other = driver.plan(ContainerId.random().hex(), "other", "network-t9");
        driver.up(other);
        driver.down(other);

        assertThat(host.link("network-t9")).isNotNull();
        assertThatThrownBy(() -> driver.complete(other, NetworkDriver.Families.BOTH, List.of()))
            .isInstanceOf(Fault.Denied.class)
            .hasMessageContaining("network-t9");
      } finally {
        host.apply(new NetlinkBatch().deleteLink("network-t9"));
      }
    }
  }

  @Test
  void aSandboxCanBeConnectedAgainRightAfterADisconnect() throws IOException {
    Sandbox one = sandboxes.open("one");

    for (int i = 0; i < 3; i++) {
      Endpoint endpoint = connect(one);
      assertThat(endpoint.address()).isNotNull();
      driver.disconnect(network, endpoint, null);
    }
  }
}
