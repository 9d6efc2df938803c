package io.djong.network;

import java.util.List;
import java.util.Map;

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

  /// One range of addresses; `gateway` is the bridge's own address in it. IPv4 or IPv6.
  public record Pool(Cidr subnet, java.net.InetAddress gateway) {}
}
