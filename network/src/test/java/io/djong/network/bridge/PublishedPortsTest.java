package io.djong.network.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.linux.Netlink;
import io.djong.linux.NetlinkBatch;
import io.djong.linux.NetworkNamespace;
import io.djong.linux.Sysctl;
import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.Port;
import io.djong.network.Sandbox;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who may reach what, seen from the host, a container, and a neighbour of the host.
class PublishedPortsTest extends OnTheKernel {
  @Test
  void aPublishedPortIsReachedFromOutsideFromTheHostAndFromContainers() throws IOException {
    Sandbox one = sandboxes.open("one");
    Sandbox two = sandboxes.open("two");
    Endpoint endpoint = connect(one, new Port(80, "tcp", ANY, 0));
    connect(two);
    int port = endpoint.ports().getFirst().hostPort();

    try (ServerSocket server = listen(one, 80)) {
      assertThat(ask(neighbour, server, HOST, port)).isEqualTo(NEIGHBOUR);
      assertThat(ask(null, server, HOST, port)).isNotNull();
      assertThat(ask(null, server, LOOPBACK, port)).isEqualTo(gateway());
      assertThat(ask(in(two), server, HOST, port)).isEqualTo(gateway());
      assertThat(ask(in(two), server, gateway(), port)).isEqualTo(gateway());
      assertThat(ask(in(one), server, HOST, port)).isEqualTo(gateway());
    }
  }

  @Test
  void aPublishedUdpPortIsAnswered() throws IOException {
    Sandbox one = sandboxes.open("one");
    Endpoint endpoint = connect(one, new Port(53, "udp", ANY, 0));
    int port = endpoint.ports().getFirst().hostPort();

    try (DatagramSocket server = in(one).call(() -> new DatagramSocket(53));
        DatagramSocket client = neighbour.call(() -> new DatagramSocket())) {
      client.setSoTimeout(PATIENCE);
      client.send(datagram("ahoy", new InetSocketAddress(HOST, port)));
      DatagramPacket question = datagram("....", new InetSocketAddress(port));
      server.receive(question);
      server.send(question);
      DatagramPacket answer = datagram("....", new InetSocketAddress(port));
      client.receive(answer);
      assertThat(new String(answer.getData(), StandardCharsets.UTF_8)).isEqualTo("ahoy");
      assertThat(answer.getSocketAddress()).isEqualTo(new InetSocketAddress(HOST, port));
    }
  }

  @Test
  void aPortPublishedOnLoopbackIsReachedFromTheHostAlone() throws IOException {
    Sandbox one = sandboxes.open("one");
    Endpoint endpoint = connect(one, new Port(80, "tcp", LOOPBACK, 0));
    int port = endpoint.ports().getFirst().hostPort();
    route(LOOPBACK, 32);

    try (ServerSocket server = listen(one, 80)) {
      assertThat(ask(null, server, LOOPBACK, port)).isNotNull();
      assertUnreachable(neighbour, HOST, port);
      assertUnreachable(neighbour, LOOPBACK, port);
    }
  }

  @Test
  void aPortForGuestsIsReachedByThemAndTheHostAlone() throws IOException {
    Sandbox one = sandboxes.open("one");
    Sandbox two = sandboxes.open("two");
    Endpoint guarded = connect(one, guarded(Cidr.parse("198.51.100.2/31")));
    Endpoint other = connect(two, guarded(Cidr.parse("192.0.2.0/24")));

    try (ServerSocket server = listen(one, 80);
        ServerSocket closed = listen(two, 80)) {
      int port = guarded.ports().getFirst().hostPort();
      int otherPort = other.ports().getFirst().hostPort();
      assertThat(ask(neighbour, server, HOST, port)).isEqualTo(NEIGHBOUR);
      assertThat(ask(null, closed, HOST, otherPort)).isNotNull();
      assertUnreachable(neighbour, HOST, otherPort);
    }
  }

  private static Port guarded(Cidr guests) {
    return new Port(80, "tcp", ANY, 0, 0, List.of(guests));
  }

  @Test
  void whereTheHostForwardsNothingItForwardsWhatIsOurs() throws Exception {
    Sandbox one = sandboxes.open("one");
    Endpoint endpoint = connect(one, new Port(80, "tcp", ANY, 0));
    int port = endpoint.ports().getFirst().hostPort();
    String before = iptables("-S", "FORWARD").lines().findFirst().orElseThrow();
    try (ServerSocket server = listen(one, 80)) {
      iptables("-P", "FORWARD", "DROP");
      while (!iptables("-S", "FORWARD").contains("-o network-t0 -m comment --comment " + TABLE)) {
        Thread.onSpinWait();
      }
      assertThat(ask(neighbour, server, HOST, port)).isEqualTo(NEIGHBOUR);
      driver.down(network);
      assertThat(iptables("-S", "FORWARD")).doesNotContain("network-t0");
      driver.up(network);
      assertThat(iptables("-S", "FORWARD")).contains("-i network-t0");
    } finally {
      iptables("-P", "FORWARD", before.substring(before.lastIndexOf(' ') + 1));
    }
  }

  private static String iptables(String... words) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("iptables", "-w"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void aPortInUseNamesTheContainerThatHasIt() throws IOException {
    Endpoint endpoint = connect(sandboxes.open("one"), new Port(80, "tcp", ANY, 0));
    Port again = new Port(80, "tcp", LOOPBACK, endpoint.ports().getFirst().hostPort());

    assertThatThrownBy(() -> connect(sandboxes.open("two"), again))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageStartingWith(
            "Bind for 127.0.0.1:" + again.hostPort() + " failed: port is already allocated")
        .hasMessageContaining("container one");
  }

  @Test
  void aPortInUseNamesTheProcessThatHasIt() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 5, LOOPBACK)) {
      Port port = new Port(80, "tcp", ANY, taken.getLocalPort());

      assertThatThrownBy(() -> connect(sandboxes.open("one"), port))
          .isInstanceOf(Fault.Conflict.class)
          .hasMessageStartingWith(
              "Bind for 0.0.0.0:" + port.hostPort() + " failed: port is already allocated")
          .hasMessageContaining("pid " + ProcessHandle.current().pid());
    }
    assertThat(connect(sandboxes.open("two")).address()).isEqualTo(first());
  }

  @Test
  void aPublishedPortCannotBeTakenByOthers() throws IOException {
    Endpoint endpoint = connect(sandboxes.open("one"), new Port(80, "tcp", ANY, 0));
    int port = endpoint.ports().getFirst().hostPort();

    assertThatThrownBy(() -> new ServerSocket(port, 5, LOOPBACK).close())
        .isInstanceOf(IOException.class);
    driver.disconnect(network, endpoint, null);
    new ServerSocket(port, 5, LOOPBACK).close();
  }

  @Test
  void aContainerIsNotReachedByItsAddressFromOutside() throws IOException {
    Sandbox one = sandboxes.open("one");
    Endpoint endpoint = connect(one, new Port(80, "tcp", ANY, 0));
    route(address(endpoint), 32);

    try (ServerSocket server = listen(one, 80)) {
      assertUnreachable(neighbour, address(endpoint), 80);
      assertThat(server.isClosed()).isFalse();
    }
  }

  @Test
  void servicesOfTheHostsLoopbackAreNotReachedFromContainers() throws IOException {
    Sandbox one = sandboxes.open("one");
    Endpoint endpoint = connect(one);
    try (NetworkNamespace namespace = in(one);
        ServerSocket service = new ServerSocket(0, 5, LOOPBACK)) {
      namespace.call(
          () -> {
            try (Netlink inside = Netlink.open()) {
              int device = index(inside, "eth0");
              inside.apply(
                  new NetlinkBatch()
                      .deleteAddress(index(inside, "lo"), LOOPBACK, 8)
                      .addRoute(LOOPBACK, 32, endpoint.gateway(), device));
              Sysctl.write("net/ipv4/conf/eth0/route_localnet", "1");
            }
            return "";
          });
      assertUnreachable(namespace, LOOPBACK, service.getLocalPort());
    }
  }

  @Test
  void aClientThatKeepsSendingDatagramsReachesWhoeverIsPublishedNow() throws IOException {
    Sandbox one = sandboxes.open("one");
    Sandbox two = sandboxes.open("two");
    Endpoint first = connect(one, new Port(53, "udp", ANY, 0));
    Port port = first.ports().getFirst();

    try (DatagramSocket old = in(one).call(() -> new DatagramSocket(53));
        DatagramSocket client = neighbour.call(() -> new DatagramSocket())) {
      assertThat(hears(old, client, port)).isTrue();
      driver.disconnect(network, first, null);
      // So that the next cannot have the address of the first.
      assertThat(connect(sandboxes.open("three")).address()).isEqualTo(first.address());
      connect(two, port);

      try (DatagramSocket now = in(two).call(() -> new DatagramSocket(53))) {
        assertThat(hears(now, client, port)).isTrue();
      }
    }
  }

  private static boolean hears(DatagramSocket server, DatagramSocket client, Port port)
      throws IOException {
    server.setSoTimeout(PATIENCE);
    client.send(datagram("ahoy", new InetSocketAddress(HOST, port.hostPort())));
    DatagramPacket heard = datagram("....", new InetSocketAddress(port.hostPort()));
    server.receive(heard);
    return new String(heard.getData(), StandardCharsets.UTF_8).equals("ahoy");
  }
}
