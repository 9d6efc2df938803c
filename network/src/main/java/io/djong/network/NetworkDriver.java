package io.djong.network;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes networks of one kind real. All calls are idempotent; the caller keeps what they return.
/// Safe for use by several threads.
public interface NetworkDriver {
  /// Completes a network that is asked for with what was left to the driver: subnets that this host
  /// has no other use for, and the MTU.
  ///
  /// @param taken subnets that others have already
  /// @throws io.djong.model.Fault.Unsupported if this machine cannot make it
  /// @throws io.djong.model.Fault.Invalid if an option makes no sense
  Network complete(Network asked, Families families, List<Cidr> taken) throws IOException;

  /// Makes the network's devices and rules, and repairs what is missing of them.
  void up(Network network) throws IOException;

  /// Joins a sandbox to a network.
  ///
  /// @throws io.djong.model.Fault.Conflict if a port that is to be published is taken; the owner is
  ///   named
  /// @throws io.djong.model.Fault.Unavailable if the network has no address left
  Endpoint connect(Network network, Sandbox sandbox, EndpointRequest request) throws IOException;

  /// Has what a sandbox sends to the outside go by the gateways of this endpoint.
  void route(Network network, Sandbox sandbox, Endpoint endpoint, Families families)
      throws IOException;

  /// Publishes these ports of an endpoint, and no others any more.
  ///
  /// @return the endpoint with its ports, host ports chosen where any would do
  /// @throws io.djong.model.Fault.Conflict if one is taken; the endpoint has none then
  Endpoint publish(Network network, Endpoint endpoint, List<Port> ports) throws IOException;

  /// Takes over an endpoint that an earlier daemon connected: its addresses and ports are taken
  /// again.
  void adopt(Network network, Endpoint endpoint) throws IOException;

  /// @param sandbox where the endpoint's device is; null if it is gone or about to go
  void disconnect(Network network, Endpoint endpoint, @Nullable Sandbox sandbox) throws IOException;

  void down(Network network) throws IOException;

  /// Removes rules and devices of ours that belong to no network that is up and no endpoint that is
  /// known. To be called once everything that lives is.
  void sweep() throws IOException;

  /// Which of the two internet protocols are meant.
  record Families(boolean ipv4, boolean ipv6) {
    public static final Families BOTH = new Families(true, true);
    public static final Families NEITHER = new Families(false, false);
  }

  /// What a container wants of a network.
  ///
  /// @param id unique for this container and network; 64 hex digits
  /// @param device the interface's name inside the sandbox
  /// @param routes for which families the way to the outside goes by this network
  /// @param taken nothing to do with the host: addresses that must not be given
  record EndpointRequest(
      String id,
      String container,
      String device,
      @Nullable InetAddress address,
      @Nullable InetAddress address6,
      @Nullable String mac,
      Families routes,
      List<Port> ports,
      Set<InetAddress> taken) {}

  /// A published port. `hostPort` 0 in a request means any free one; `protocol` is tcp, udp or
  /// sctp.
  ///
  /// @param lastHostPort in a request the last of those from which a free one is taken, else the
  ///   same as `hostPort`
  /// @param from who may come, besides this host itself; nobody named is everybody. It is the same
  ///   for all ports of an endpoint
  record Port(
      int containerPort,
      String protocol,
      InetAddress hostAddress,
      int hostPort,
      int lastHostPort,
      List<Cidr> from) {
    public Port {
      from = List.copyOf(from);
    }

    public Port(int containerPort, String protocol, InetAddress hostAddress, int hostPort) {
      this(containerPort, protocol, hostAddress, hostPort, hostPort, List.of());
    }

    /// The same at this one port of the host.
    public Port at(int port) {
      return new Port(containerPort, protocol, hostAddress, port, port, from);
    }
  }

  /// A container's place in a network. Addresses carry the prefix of their subnet.
  record Endpoint(
      String id,
      String container,
      String network,
      String device,
      String hostDevice,
      String mac,
      @Nullable Cidr address,
      @Nullable InetAddress gateway,
      @Nullable Cidr address6,
      @Nullable InetAddress gateway6,
      List<Port> ports) {
    public Endpoint withMac(String newMac) {
      return new Endpoint(
          id,
          container,
          network,
          device,
          hostDevice,
          newMac,
          address,
          gateway,
          address6,
          gateway6,
          ports);
    }

    public Endpoint withPorts(List<Port> newPorts) {
      return new Endpoint(
          id,
          container,
          network,
          device,
          hostDevice,
          mac,
          address,
          gateway,
          address6,
          gateway6,
          newPorts);
    }
  }
}
