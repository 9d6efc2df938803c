package io.djong.network;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A network as it was asked for. `id` is 64 hex digits; `device` the bridge's interface name.
public record Network(
    String id,
    String name,
    String driver,
    String device,
    List<Pool> pools,
    boolean internal,
    boolean icc,
    boolean masquerade,
    int mtu,
    Map<String, String> options) {
  public Network {
    pools = List.copyOf(pools);
    options = Map.copyOf(options);
  }

  /// Whether it has addresses of IPv6.
  public boolean hasIpv6() {
    return pools.stream().anyMatch(Pool::isIpv6);
  }

  /// Whether it has addresses of IPv4.
  public boolean hasIpv4() {
    return pools.stream().anyMatch(pool -> !pool.isIpv6());
  }

  public Network withPools(List<Pool> newPools) {
    return new Network(id, name, driver, device, newPools, internal, icc, masquerade, mtu, options);
  }

  public Network withMtu(int newMtu) {
    return new Network(id, name, driver, device, pools, internal, icc, masquerade, newMtu, options);
  }

  /// One range of addresses; `gateway` is the bridge's own address in it. IPv4 or IPv6.
  ///
  /// @param range what addresses are drawn from; null is the whole subnet
  /// @param reserved addresses that are never drawn, by the names they were given
  public record Pool(
      Cidr subnet, InetAddress gateway, @Nullable Cidr range, Map<String, InetAddress> reserved) {
    public Pool {
      reserved = Map.copyOf(reserved);
    }

    public Pool(Cidr subnet, InetAddress gateway) {
      this(subnet, gateway, null, Map.of());
    }

    public boolean isIpv6() {
      return subnet.address() instanceof Inet6Address;
    }
  }
}
