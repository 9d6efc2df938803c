package io.djong.network.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.linux.Netlink;
import io.djong.linux.NetlinkBatch;
import io.djong.model.ContainerId;
import io.djong.network.Network;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.Port;
import io.djong.network.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What networks keep apart.
class IsolationTest extends OnTheKernel {
  @Test
  void containersOfAnInternalNetworkReachEachOtherAndNothingElse() throws IOException {
    Network internal = other("network-t1", true, true);
    Sandbox one = sandboxes.open("one");
    Sandbox two = sandboxes.open("two");
    try {
      Endpoint first = join(internal, one);
      join(internal, two);
      assertThat(first.gateway()).isNull();
      route(one, internal);

      try (ServerSocket server = listen(one, 80);
          ServerSocket outside = neighbour.call(() -> new ServerSocket(8080))) {
        assertThat(ask(in(two), server, address(first), 80)).isNotNull();
        assertUnreachable(in(one), NEIGHBOUR, outside.getLocalPort());
      }
    } finally {
      driver.down(internal);
    }
  }

  @Test
  void containersOfANetworkWithoutIccDoNotReachEachOther() throws IOException {
    Network apart = other("network-t1", false, false);
    Sandbox one = sandboxes.open("one");
    Sandbox two = sandboxes.open("two");
    try {
      Endpoint first = join(apart, one);
      join(apart, two);

      try (ServerSocket server = listen(one, 80);
          ServerSocket outside = neighbour.call(() -> new ServerSocket(8080))) {
        assertUnreachable(in(two), address(first), 80);
        assertThat(ask(in(two), outside, NEIGHBOUR, 8080)).isEqualTo(HOST);
        assertThat(server.isClosed()).isFalse();
      }
    } finally {
      driver.down(apart);
    }
  }

  @Test
  void containersOfTwoNetworksReachEachOtherByPublishedPortsAlone() throws IOException {
    Network second = other("network-t1", false, true);
    Sandbox one = sandboxes.open("one");
    Sandbox two = sandboxes.open("two");
    try {
      Endpoint first = connect(one, new Port(80, "tcp", ANY, 0));
      join(second, two);

      try (ServerSocket server = listen(one, 80)) {
        assertUnreachable(in(two), address(first), 80);
        assertThat(ask(in(two), server, HOST, first.ports().getFirst().hostPort())).isNotNull();
      }
    } finally {
      driver.down(second);
    }
  }

  private Network other(String device, boolean internal, boolean icc) throws IOException {
    Network planned = driver.plan(ContainerId.random().hex(), device, device);
    Network other =
        new Network(
            planned.id(),
            device,
            "bridge",
            device,
            planned.pools(),
            internal,
            icc,
            true,
            planned.mtu(),
            Map.of());
    driver.up(other);
    return other;
  }

  private Endpoint join(Network other, Sandbox sandbox) throws IOException {
    return driver.connect(other, sandbox, request(sandbox.key(), List.of()));
  }

  /// As a container might that has the capability.
  private static void route(Sandbox sandbox, Network by) throws IOException {
    in(sandbox)
        .call(
            () -> {
              try (Netlink inside = Netlink.open()) {
                InetAddress gateway = by.pools().getFirst().gateway();
                inside.apply(new NetlinkBatch().addRoute(null, 0, gateway, index(inside, "eth0")));
              }
              return "";
            });
  }
}
