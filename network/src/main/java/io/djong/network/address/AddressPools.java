package io.djong.network.address;

import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.EndpointRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The addresses of all networks of a driver. In memory: after a restart, what is given to whom is
/// told again. Safe for use by several threads.
public final class AddressPools {
  private final Map<String, List<Addresses>> pools = new ConcurrentHashMap<>();

  /// What one endpoint got; null where the network has none of the family.
  public record Pair(@Nullable Cidr ipv4, @Nullable Cidr ipv6) {}

  /// Makes the pools of a network known. Idempotent.
  public void open(Network network) {
    pools.computeIfAbsent(
        network.id(),
        _ -> network.pools().stream().map(pool -> new Addresses(network, pool)).toList());
  }

  public void close(Network network) {
    pools.remove(network.id());
  }

  /// An address of each family that the network has, or none at all.
  ///
  /// @throws Fault.Invalid if one that is wanted is of no pool
  /// @throws Fault.Denied if it is taken
  /// @throws Fault.Unavailable if none is left, or the network is not open
  public Pair take(Network network, EndpointRequest request) {
    Cidr ipv4 = take(network, false, request.address(), request.taken());
    boolean complete = false;
    try {
      Cidr ipv6 = take(network, true, request.address6(), request.taken());
      complete = true;
      return new Pair(ipv4, ipv6);
    } finally {
      if (!complete && ipv4 != null) {
        release(network, ipv4);
      }
    }
  }

  private @Nullable Cidr take(
      Network network, boolean ipv6, @Nullable InetAddress wanted, Set<InetAddress> taken) {
    List<Addresses> open = of(network);
    if (open.isEmpty()) {
      throw new Fault.Unavailable("network " + network.name() + " is not up");
    }
    Fault.Unavailable exhausted = null;
    for (int i = 0; i < open.size(); i++) {
      Network.Pool pool = network.pools().get(i);
      if (pool.isIpv6() == ipv6 && (wanted == null || pool.subnet().contains(wanted))) {
        try {
          return new Cidr(open.get(i).take(wanted, taken), pool.subnet().prefix());
        } catch (Fault.Unavailable e) {
          exhausted = e;
        }
      }
    }
    if (exhausted != null) {
      throw exhausted;
    }
    if (wanted != null) {
      throw new Fault.Invalid(
          "invalid config for network "
              + network.name()
              + ": invalid endpoint settings:\nno configured subnet or ip-range contain the IP"
              + " address "
              + Cidr.text(wanted));
    }
    return null;
  }

  /// Takes the addresses that an endpoint has already.
  public void adopt(Network network, Endpoint endpoint) {
    for (Addresses pool : of(network)) {
      of(endpoint).forEach(address -> pool.adopt(address.address()));
    }
  }

  /// Idempotent.
  public void release(Network network, Endpoint endpoint) {
    of(endpoint).forEach(address -> release(network, address));
  }

  private void release(Network network, Cidr address) {
    of(network).forEach(pool -> pool.release(address.address()));
  }

  private List<Addresses> of(Network network) {
    return pools.getOrDefault(network.id(), List.of());
  }

  /// The addresses of an endpoint.
  public static List<Cidr> of(Endpoint endpoint) {
    return Stream.of(endpoint.address(), endpoint.address6()).filter(Objects::nonNull).toList();
  }

  /// The gateway that goes with an address; null if it leads nowhere.
  public static @Nullable InetAddress gateway(Network network, @Nullable Cidr address) {
    if (address == null || network.internal()) {
      return null;
    }
    for (Network.Pool pool : network.pools()) {
      if (pool.subnet().contains(address.address())) {
        return pool.gateway();
      }
    }
    return null;
  }
}
