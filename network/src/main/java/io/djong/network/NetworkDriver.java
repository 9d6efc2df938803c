package io.djong.network;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes networks of one kind real. All calls are idempotent; the caller keeps what they return.
/// Safe for use by several threads.
public interface NetworkDriver {
  /// Makes the network's devices and rules, and repairs what is missing of them.
  void up(Network network) throws IOException;

  /// Joins a sandbox to a network.
  ///
  /// @throws io.djong.model.Fault.Conflict if a port that is to be published is taken; the owner is
  ///   named
  /// @throws io.djong.model.Fault.Unavailable if the network has no address left
  Endpoint connect(Network network, Sandbox sandbox, EndpointRequest request) throws IOException;

  /// Takes over an endpoint that an earlier daemon connected: its addresses and ports are taken
  /// again.
  void adopt(Network network, Endpoint endpoint) throws IOException;

  void disconnect(Network network, Endpoint endpoint) throws IOException;

  void down(Network network) throws IOException;

  /// What a container wants of a network.
  ///
  /// @param id unique for this container and network; 64 hex digits
  /// @param device the interface's name inside the sandbox
  /// @param taken nothing to do with the host: addresses that must not be given
  record EndpointRequest(
      String id,
      String container,
      String device,
      @Nullable InetAddress address,
      @Nullable InetAddress address6,
      @Nullable String mac,
      List<Port> ports,
      Set<InetAddress> taken) {}

  /// A published port. `hostPort` 0 in a request means any free one; `protocol` is tcp, udp or
  /// sctp.
  record Port(int containerPort, String protocol, InetAddress hostAddress, int hostPort) {}

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
      List<Port> ports) {}
}
