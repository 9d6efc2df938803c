package io.djong.engine.network;

import io.djong.engine.Networks.NewNetwork;
import io.djong.model.record.NetworkRecord;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.Network.Pool;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Networks in the shape they are kept in, and back.
final class NetworkRecords {
  private NetworkRecords() {}

  static NetworkRecord of(Network network, NewNetwork wanted, Instant created) {
    return new NetworkRecord(
        network.id(),
        network.name(),
        network.driver(),
        network.device(),
        network.pools().stream().map(NetworkRecords::pool).toList(),
        network.internal(),
        network.icc(),
        network.masquerade(),
        network.mtu(),
        network.options(),
        wanted.labels(),
        created.toString(),
        !network.hasIpv4() && network.hasIpv6(),
        network.hasIpv6(),
        wanted.attachable(),
        wanted.ipamOptions());
  }

  private static NetworkRecord.Pool pool(Pool pool) {
    Map<String, String> reserved = new HashMap<>();
    pool.reserved().forEach((name, address) -> reserved.put(name, Cidr.text(address)));
    return new NetworkRecord.Pool(
        pool.subnet().toString(),
        Cidr.text(pool.gateway()),
        pool.range() == null ? null : pool.range().toString(),
        reserved);
  }

  static Network network(NetworkRecord kept) {
    return new Network(
        kept.id(),
        kept.name(),
        kept.driver(),
        kept.device(),
        pools(kept),
        kept.internal(),
        kept.icc(),
        kept.masquerade(),
        kept.mtu(),
        kept.options());
  }

  private static List<Pool> pools(NetworkRecord kept) {
    return kept.pools().stream().map(NetworkRecords::pool).toList();
  }

  private static Pool pool(NetworkRecord.Pool kept) {
    Map<String, InetAddress> reserved = new HashMap<>();
    kept.reserved().forEach((name, text) -> reserved.put(name, Cidr.parseAddress(text)));
    String range = kept.range();
    return new Pool(
        Cidr.parse(kept.subnet()),
        Cidr.parseAddress(kept.gateway()),
        range == null ? null : Cidr.parse(range),
        reserved);
  }
}
