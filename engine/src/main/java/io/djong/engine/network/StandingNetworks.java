package io.djong.engine.network;

import io.djong.content.RecordStore;
import io.djong.engine.Filters;
import io.djong.engine.Networks;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import io.djong.model.record.NetworkRecord;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.Network.Pool;
import io.djong.network.NetworkDriver;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// `bridge`, `host` and `none`. Their records, and so their ids, are made once.
public final class StandingNetworks implements Networks {
  private static final String KIND = "network";

  private final NetworkDriver driver;
  private final NetworkMembers members;
  private final Map<String, NetworkRecord> byName = new TreeMap<>();
  private final AtomicBoolean bridgeIsUp = new AtomicBoolean();

  /// @param bridge the record of the default bridge network, used when there is none yet; its id is
  ///   drawn
  public StandingNetworks(
      RecordStore records,
      NetworkDriver driver,
      InstantSource clock,
      NetworkMembers members,
      Network bridge)
      throws IOException {
    this.driver = driver;
    this.members = members;
    for (byte[] kept : records.all(KIND).values()) {
      NetworkRecord network = Json.lean().read(NetworkRecord.class, kept);
      byName.put(network.name(), network);
    }
    List<RecordStore.Change> missing = new ArrayList<>();
    for (String name : List.of("bridge", "host", "none")) {
      if (!byName.containsKey(name)) {
        NetworkRecord made = record(name, bridge, clock.instant());
        byName.put(name, made);
        missing.add(new RecordStore.Change(KIND, made.id(), Json.lean().write(made)));
      }
    }
    if (!missing.isEmpty()) {
      records.write(missing);
    }
  }

  private static NetworkRecord record(String name, Network bridge, Instant created) {
    boolean isBridge = name.equals("bridge");
    return new NetworkRecord(
        ContainerId.random().hex(),
        name,
        name.equals("none") ? "null" : name,
        isBridge ? bridge.device() : "",
        isBridge
            ? bridge.pools().stream()
                .map(
                    pool ->
                        new NetworkRecord.Pool(
                            pool.subnet().toString(), pool.gateway().getHostAddress()))
                .toList()
            : List.of(),
        false,
        true,
        isBridge && bridge.masquerade(),
        isBridge ? bridge.mtu() : 0,
        isBridge ? bridge.options() : Map.of(),
        Map.of(),
        created.toString());
  }

  /// The default bridge network, its devices and rules in place.
  public Network bridge() throws IOException {
    Network network = network("bridge");
    if (!bridgeIsUp.get()) {
      driver.up(network);
      bridgeIsUp.set(true);
    }
    return network;
  }

  /// Takes the default network's devices and rules away if no container is on it; the next use
  /// brings them back.
  public void release() throws IOException {
    NetworkRecord kept = byName.get("bridge");
    if (kept != null && members.of(kept.id()).isEmpty()) {
      bridgeIsUp.set(false);
      driver.down(network(kept));
    }
  }

  /// Its id, or nothing if there is no such network.
  public String idOf(String name) {
    NetworkRecord kept = byName.get(name);
    return kept == null ? "" : kept.id();
  }

  /// One of the three by its name.
  public Network network(String name) {
    NetworkRecord kept = byName.get(name);
    if (kept == null) {
      throw new Fault.NotFound("network " + name + " not found");
    }
    return network(kept);
  }

  @Override
  public List<NetworkDetails> list(Filters filters) {
    filters.allowOnly(Set.of("dangling", "driver", "id", "label", "name", "scope", "type"));
    List<NetworkDetails> all = new ArrayList<>();
    for (NetworkRecord network : byName.values()) {
      if (fits(network, filters)) {
        all.add(details(network));
      }
    }
    return List.copyOf(all);
  }

  private static boolean fits(NetworkRecord network, Filters filters) {
    return (!filters.has("name") || filters.of("name").stream().anyMatch(network.name()::contains))
        && (!filters.has("id") || filters.of("id").stream().anyMatch(network.id()::startsWith))
        && (!filters.has("driver") || filters.of("driver").contains(network.driver()))
        && (!filters.has("scope") || filters.of("scope").contains("local"))
        && (!filters.has("type") || filters.of("type").contains("builtin"))
        && !filters.of("dangling").contains("true")
        && filters.fitLabels(network.labels());
  }

  @Override
  public NetworkDetails inspect(String ref) {
    NetworkRecord named = byName.get(ref);
    if (named != null) {
      return details(named);
    }
    for (NetworkRecord network : byName.values()) {
      if (!ref.isEmpty() && network.id().startsWith(ref)) {
        return details(network);
      }
    }
    throw new Fault.NotFound("network " + ref + " not found");
  }

  private NetworkDetails details(NetworkRecord kept) {
    return new NetworkDetails(
        network(kept), Instant.parse(kept.created()), kept.labels(), members.of(kept.id()));
  }

  private static Network network(NetworkRecord kept) {
    return new Network(
        kept.id(),
        kept.name(),
        kept.driver(),
        kept.device(),
        kept.pools().stream()
            .map(pool -> new Pool(Cidr.parse(pool.subnet()), Cidr.parseAddress(pool.gateway())))
            .toList(),
        kept.internal(),
        kept.icc(),
        kept.masquerade(),
        kept.mtu(),
        kept.options());
  }
}
