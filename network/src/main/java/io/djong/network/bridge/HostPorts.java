package io.djong.network.bridge;

import io.djong.linux.Errno;
import io.djong.linux.KernelException;
import io.djong.linux.ReservedPort;
import io.djong.linux.Sysctl;
import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.NetworkDriver.Port;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The host's ports that endpoints have published. Each is bound as long as it is published, so no
/// other program can take it. Safe for use by several threads.
final class HostPorts {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, List<Held>> held = new HashMap<>();
  private final PortOwners owners = new PortOwners();
  private int nextFree;

  /// @param socket null for protocols of which no socket can be made
  private record Held(String container, Port port, @Nullable ReservedPort socket) {}

  /// Takes all the ports or none.
  ///
  /// @return the ports, with host ports chosen where any would do
  /// @throws Fault.Conflict if one is taken; its owner is named
  List<Port> take(String endpoint, String container, List<Port> wanted) throws IOException {
    if (wanted.isEmpty()) {
      return wanted;
    }
    lock.lock();
    try {
      release(endpoint);
      List<Held> taken = held.computeIfAbsent(endpoint, _ -> new ArrayList<>());
      boolean complete = false;
      try {
        for (Port port : wanted) {
          taken.add(
              port.hostPort() == 0
                  ? takeAny(container, port, taken)
                  : port.lastHostPort() > port.hostPort()
                      ? takeOneOf(container, port)
                      : takeOne(container, port));
        }
        complete = true;
      } finally {
        if (!complete) {
          release(endpoint);
        }
      }
      return taken.stream().map(Held::port).toList();
    } finally {
      lock.unlock();
    }
  }

  /// Gives back the ports of an endpoint. Idempotent.
  void release(String endpoint) {
    lock.lock();
    try {
      List<Held> released = held.remove(endpoint);
      if (released != null) {
        for (Held one : released) {
          if (one.socket() != null) {
            one.socket().close();
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private Held takeAny(String container, Port port, List<Held> others) throws IOException {
    // The same number for both families, if it can be.
    for (Held other : others) {
      if (other.port().containerPort() == port.containerPort()
          && other.port().protocol().equals(port.protocol())
          && other.port().hostAddress().getClass() != port.hostAddress().getClass()) {
        Held same = tryTake(container, port.at(other.port().hostPort()));
        if (same != null) {
          return same;
        }
      }
    }
    String[] range = Sysctl.read("net/ipv4/ip_local_port_range").split("\\s+", -1);
    int first = Integer.parseInt(range[0]);
    int last = Integer.parseInt(range[1]);
    for (int tried = 0; tried <= last - first; tried++) {
      nextFree = nextFree < first || nextFree >= last ? first : nextFree + 1;
      Held taken = tryTake(container, port.at(nextFree));
      if (taken != null) {
        return taken;
      }
    }
    throw new Fault.Unavailable(
        "no free host port for container port "
            + port.containerPort()
            + "/"
            + port.protocol()
            + ": all from "
            + first
            + " to "
            + last
            + " are in use; name a host port");
  }

  private Held takeOneOf(String container, Port port) throws IOException {
    for (int number = port.hostPort(); number <= port.lastHostPort(); number++) {
      Held taken = tryTake(container, port.at(number));
      if (taken != null) {
        return taken;
      }
    }
    throw new Fault.Conflict(
        "Bind for "
            + literal(port.hostAddress())
            + ":"
            + port.hostPort()
            + "-"
            + port.lastHostPort()
            + " failed: port is already allocated: every one of these; stop a container or publish"
            + " on other ports");
  }

  private Held takeOne(String container, Port port) throws IOException {
    Held taken = tryTake(container, port);
    if (taken != null) {
      return taken;
    }
    String owner = owner(port);
    throw new Fault.Conflict(
        "Bind for "
            + literal(port.hostAddress())
            + ":"
            + port.hostPort()
            + " failed: port is already allocated to "
            + owner
            + "; stop it or publish on another port");
  }

  private @Nullable Held tryTake(String container, Port port) throws IOException {
    return switch (port.protocol()) {
      case "tcp" -> bind(container, port, false);
      case "udp" -> bind(container, port, true);
      case "sctp" -> holder(port) == null ? new Held(container, port, null) : null;
      default ->
          throw new Fault.Invalid(
              "invalid protocol \"" + port.protocol() + "\" of a port: want tcp, udp or sctp");
    };
  }

  private @Nullable Held bind(String container, Port port, boolean datagram) throws IOException {
    try {
      return new Held(
          container, port, ReservedPort.bind(port.hostAddress(), port.hostPort(), datagram));
    } catch (KernelException e) {
      return switch (e.errno()) {
        case Errno.EADDRINUSE -> null;
        case Errno.EADDRNOTAVAIL ->
            throw new Fault.Failed(
                "failed to bind port "
                    + literal(port.hostAddress())
                    + ":"
                    + port.hostPort()
                    + "/"
                    + port.protocol()
                    + ": cannot assign requested address: no device of this host has it",
                e);
        default -> throw e;
      };
    }
  }

  private String owner(Port port) throws IOException {
    Held ours = holder(port);
    return ours != null ? "container " + ours.container() : owners.describe(port);
  }

  private @Nullable Held holder(Port wanted) {
    for (List<Held> ports : held.values()) {
      for (Held one : ports) {
        Port port = one.port();
        if (port.hostPort() == wanted.hostPort()
            && port.protocol().equals(wanted.protocol())
            && (port.hostAddress().equals(wanted.hostAddress())
                || port.hostAddress().isAnyLocalAddress()
                || wanted.hostAddress().isAnyLocalAddress())) {
          return one;
        }
      }
    }
    return null;
  }

  private static String literal(InetAddress address) {
    String text = Cidr.text(address);
    return address.getAddress().length == 4 ? text : "[" + text + "]";
  }
}
