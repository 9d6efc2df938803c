package io.djong.network.bridge;

import io.djong.linux.Netlink;
import io.djong.linux.TrackedFlows;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.Port;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Ends flows of UDP that go on as they began although the rules have changed: a client that keeps
/// sending from one port would never reach a container that was published since, and would go on
/// reaching the address of one that is gone. Flows of TCP end with their containers.
final class StaleFlows {
  private final TrackedFlows flows;
  private final Netlink netlink;

  StaleFlows(TrackedFlows flows, Netlink netlink) {
    this.flows = flows;
    this.netlink = netlink;
  }

  /// After an endpoint's ports are published: what went to them before.
  void endBefore(Endpoint endpoint) throws IOException {
    List<Port> ports = datagramPorts(endpoint);
    if (ports.isEmpty()) {
      return;
    }
    Set<InetAddress> own = new HashSet<>();
    netlink.addresses().forEach(address -> own.add(address.address()));
    flows.forget(
        flow ->
            flow.protocol() == TrackedFlows.UDP
                && own.contains(flow.to())
                && ports.stream().anyMatch(port -> matches(port, flow)));
  }

  /// After they no longer are: what was led to them.
  void endAfter(Endpoint endpoint) throws IOException {
    List<Port> ports = datagramPorts(endpoint);
    if (ports.isEmpty() || endpoint.address() == null) {
      return;
    }
    InetAddress gone = endpoint.address().address();
    flows.forget(
        flow ->
            flow.protocol() == TrackedFlows.UDP
                && flow.answering().equals(gone)
                && !flow.to().equals(gone));
  }

  private static boolean matches(Port port, TrackedFlows.Flow flow) {
    return flow.toPort() == port.hostPort()
        && (port.hostAddress().isAnyLocalAddress() || port.hostAddress().equals(flow.to()));
  }

  private static List<Port> datagramPorts(Endpoint endpoint) {
    return endpoint.ports().stream().filter(port -> port.protocol().equals("udp")).toList();
  }
}
