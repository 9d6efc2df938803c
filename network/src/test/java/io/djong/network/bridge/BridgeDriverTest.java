package io.djong.network.bridge;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.linux.Netlink;
import io.djong.linux.NetlinkBatch;
import io.djong.linux.NetworkNamespace;
import io.djong.linux.Nftables;
import io.djong.linux.Sysctl;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.EndpointRequest;
import io.djong.network.NetworkDriver.Port;
import io.djong.network.Sandbox;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On the real kernel, as root: a network of its own, sandboxes on it, and a neighbour of this host
/// in a namespace beside.
class BridgeDriverTest {
  private static final String TABLE = "network-test";
  private static final InetAddress ANY = Cidr.parseAddress("0.0.0.0");
  private static final InetAddress LOOPBACK = Cidr.parseAddress("127.0.0.1");
  private static final InetAddress HOST = Cidr.parseAddress("198.51.100.1");
  private static final InetAddress NEIGHBOUR = Cidr.parseAddress("198.51.100.2");

  // Dropped packets show only by silence.
  private static final int SILENCE = 300;
  private static final int PATIENCE = 5000;

  @TempDir Path folder;
  private BridgeDriver driver;
  private NamespaceSandboxes sandboxes;
  private Network network;
  private NetworkNamespace neighbour;

  @BeforeEach
  void up() throws IOException {
    driver = BridgeDriver.open(TABLE);
    sandboxes = new NamespaceSandboxes(folder.resolve("netns"));
    network = driver.plan(ContainerId.random().hex(), "trial", "network-t0");
    driver.up(network);
    neighbour = NetworkNamespace.create(() -> {});
    try (Netlink host = Netlink.open()) {
      host.apply(
          new NetlinkBatch()
              .addVeth(
                  new NetlinkBatch.End("network-up0", null, 1500),
                  0,
                  new NetlinkBatch.End("eth0", null, 1500),
                  neighbour));
      int device = index(host, "network-up0");
      host.apply(new NetlinkBatch().addAddress(device, HOST, 24));
    }
    neighbour.call(
        () -> {
          try (Netlink inside = Netlink.open()) {
            int device = index(inside, "eth0");
            inside.apply(
                new NetlinkBatch().setUp("lo").setUp("eth0").addAddress(device, NEIGHBOUR, 24));
          }
          return "";
        });
  }

  @AfterEach
  void down() throws IOException {
    for (Sandbox sandbox : sandboxes.list()) {
      sandboxes.remove(sandbox);
    }
    driver.down(network);
    driver.close();
    try (Netlink host = Netlink.open()) {
      host.apply(new NetlinkBatch().deleteLink("network-up0"));
      assertThat(host.links()).extracting(Netlink.Link::name).doesNotContain("network-t0");
    }
    neighbour.close();
    try (Nftables nft = Nftables.open()) {
      assertThat(nft.run("list tables")).doesNotContain(TABLE);
    }
  }

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
    driver.disconnect(network, endpoint);
    new ServerSocket(port, 5, LOOPBACK).close();
  }

  @Test
  void addressesAndPortsAreGivenAgainAfterADisconnect() throws IOException {
    Sandbox one = sandboxes.open("one");
    Endpoint before = connect(one, new Port(80, "tcp", ANY, 0));
    Port same = before.ports().getFirst();
    driver.disconnect(network, before);
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
    driver.disconnect(network, endpoint);
    connect(sandboxes.open("four"), port);
  }

  @Test
  void upRepairsWhatWasFlushed() throws IOException {
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
    driver.disconnect(network, endpoint);
    driver.disconnect(network, endpoint);
  }

  private Endpoint connect(Sandbox sandbox, Port... ports) throws IOException {
    return driver.connect(network, sandbox, request(sandbox.key(), List.of(ports)));
  }

  private static EndpointRequest request(String name, List<Port> ports) {
    return new EndpointRequest(
        ContainerId.random().hex(), name, "eth0", null, null, null, ports, Set.of());
  }

  private static int index(Netlink netlink, String device) throws IOException {
    return requireNonNull(netlink.link(device)).index();
  }

  private static InetAddress address(Endpoint endpoint) {
    return requireNonNull(endpoint.address()).address();
  }

  private InetAddress gateway() {
    return network.pools().getFirst().gateway();
  }

  private Cidr first() {
    Cidr subnet = network.pools().getFirst().subnet();
    return new Cidr(subnet.at(2), subnet.prefix());
  }

  private static NetworkNamespace in(Sandbox sandbox) throws IOException {
    return NetworkNamespace.open(sandbox.path());
  }

  private static ServerSocket listen(Sandbox sandbox, int port) throws IOException {
    try (NetworkNamespace namespace = in(sandbox)) {
      return namespace.call(() -> new ServerSocket(port));
    }
  }

  private void route(InetAddress destination, int prefix) throws IOException {
    neighbour.call(
        () -> {
          try (Netlink inside = Netlink.open()) {
            int device = index(inside, "eth0");
            if (destination.isLoopbackAddress()) {
              inside.apply(new NetlinkBatch().deleteAddress(index(inside, "lo"), LOOPBACK, 8));
              Sysctl.write("net/ipv4/conf/eth0/route_localnet", "1");
            }
            inside.apply(new NetlinkBatch().addRoute(destination, prefix, HOST, device));
          }
          return "";
        });
  }

  /// Connects and lets the server say who it saw.
  private static InetAddress ask(
      @Nullable NetworkNamespace from, ServerSocket server, InetAddress address, int port)
      throws IOException {
    Callable<Socket> open =
        () -> {
          Socket socket = new Socket();
          socket.connect(new InetSocketAddress(address, port), PATIENCE);
          return socket;
        };
    server.setSoTimeout(PATIENCE);
    try (Socket client = from == null ? host(open) : from.call(open);
        Socket served = server.accept()) {
      assertThat(client.isConnected()).isTrue();
      return served.getInetAddress();
    }
  }

  private static Socket host(Callable<Socket> open) throws IOException {
    try (NetworkNamespace here = NetworkNamespace.open(Path.of("/proc/self/ns/net"))) {
      return here.call(open);
    }
  }

  private static void assertUnreachable(NetworkNamespace from, InetAddress address, int port) {
    assertThatThrownBy(
            () ->
                from.call(
                    () -> {
                      try (Socket socket = new Socket()) {
                        socket.connect(new InetSocketAddress(address, port), SILENCE);
                      }
                      return "";
                    }))
        .isInstanceOfAny(SocketTimeoutException.class, java.net.ConnectException.class);
  }

  private static DatagramPacket datagram(String text, InetSocketAddress to) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new DatagramPacket(bytes, bytes.length, to);
  }
}
