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
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.NetworkDriver;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.EndpointRequest;
import io.djong.network.NetworkDriver.Port;
import io.djong.network.Sandbox;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// On the real kernel, as root: a network of its own, and a neighbour of this host in a namespace
/// beside.
abstract class OnTheKernel {
  static final String TABLE = "network-test";
  static final InetAddress ANY = Cidr.parseAddress("0.0.0.0");
  static final InetAddress LOOPBACK = Cidr.parseAddress("127.0.0.1");
  static final InetAddress HOST = Cidr.parseAddress("198.51.100.1");
  static final InetAddress NEIGHBOUR = Cidr.parseAddress("198.51.100.2");

  // Dropped packets show only by silence.
  static final int SILENCE = 300;
  static final int PATIENCE = 5000;

  @TempDir Path folder;
  BridgeDriver driver;
  NamespaceSandboxes sandboxes;
  Network network;
  NetworkNamespace neighbour;

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

  Endpoint connect(Sandbox sandbox, Port... ports) throws IOException {
    return driver.connect(network, sandbox, request(sandbox.key(), List.of(ports)));
  }

  static EndpointRequest request(String name, List<Port> ports) {
    return new EndpointRequest(
        ContainerId.random().hex(),
        name,
        "eth0",
        null,
        null,
        null,
        NetworkDriver.Families.BOTH,
        ports,
        Set.of());
  }

  static int index(Netlink netlink, String device) throws IOException {
    return requireNonNull(netlink.link(device)).index();
  }

  static InetAddress address(Endpoint endpoint) {
    return requireNonNull(endpoint.address()).address();
  }

  InetAddress gateway() {
    return network.pools().getFirst().gateway();
  }

  Cidr first() {
    Cidr subnet = network.pools().getFirst().subnet();
    return new Cidr(subnet.at(2), subnet.prefix());
  }

  static NetworkNamespace in(Sandbox sandbox) throws IOException {
    return NetworkNamespace.open(sandbox.path());
  }

  static ServerSocket listen(Sandbox sandbox, int port) throws IOException {
    try (NetworkNamespace namespace = in(sandbox)) {
      return namespace.call(() -> new ServerSocket(port));
    }
  }

  void route(InetAddress destination, int prefix) throws IOException {
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
  static InetAddress ask(
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

  static Socket host(Callable<Socket> open) throws IOException {
    try (NetworkNamespace here = NetworkNamespace.open(Path.of("/proc/self/ns/net"))) {
      return here.call(open);
    }
  }

  static void assertUnreachable(NetworkNamespace from, InetAddress address, int port) {
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

  static DatagramPacket datagram(String text, InetSocketAddress to) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new DatagramPacket(bytes, bytes.length, to);
  }
}
