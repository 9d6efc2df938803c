package io.djong.daemon.route;

import io.djong.api.NetworkConnect;
import io.djong.api.NetworkCreate;
import io.djong.api.NetworkCreated;
import io.djong.api.NetworkInspect;
import io.djong.api.NetworksPruned;
import io.djong.engine.ContainerDetails;
import io.djong.engine.ContainerDetails.NetworkPlace;
import io.djong.engine.Containers;
import io.djong.engine.Networks;
import io.djong.engine.Networks.NetworkDetails;
import io.djong.engine.Networks.NewNetwork;
import io.djong.engine.Networks.NewPool;
import io.djong.model.Fault;
import io.djong.model.container.NetworkingConfig;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.NetworkDriver.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Networks.
final class NetworkRoutes {
  private static final Set<String> FILTERS =
      Set.of("dangling", "driver", "id", "label", "label!", "name", "scope", "type");

  private final Networks networks;
  private final Containers containers;

  NetworkRoutes(Networks networks, Containers containers) {
    this.networks = networks;
    this.containers = containers;
  }

  void addTo(RouteTable table) {
    table.add("GET", "/networks", this::list);
    table.add("GET", "/networks/", this::list);
    table.add("POST", "/networks/create", this::create);
    table.add("POST", "/networks/prune", this::prune);
    table.add("POST", "/networks/{id}/connect", this::connect);
    table.add("POST", "/networks/{id}/disconnect", this::disconnect);
    table.add("GET", "/networks/{id}", this::inspect);
    table.add("DELETE", "/networks/{id}", this::remove);
  }

  private void create(Call call) throws IOException {
    NetworkCreate wanted = call.json(NetworkCreate.class);
    if (wanted.configOnly() || wanted.ingress()) {
      throw new Fault.Unsupported(
          (wanted.configOnly() ? "a configuration-only" : "an ingress")
              + " network is not there yet in djong 0.1");
    }
    String scope = text(wanted.scope());
    Map<String, Object> from = wanted.configFrom();
    if (!scope.isEmpty() && !scope.equals("local")) {
      throw new Fault.Unsupported(
          "a network of the scope " + scope + " needs swarm mode, which is not there in djong 0.1");
    }
    if (from != null && from.get("Network") instanceof String other && !other.isEmpty()) {
      throw new Fault.Unsupported(
          "a network made of a configuration-only one is not there yet in djong 0.1");
    }
    NetworkCreate.Ipam ipam = wanted.ipam();
    List<NewPool> pools = new ArrayList<>();
    for (NetworkCreate.Pool pool : ipam == null ? List.<NetworkCreate.Pool>of() : pools(ipam)) {
      pools.add(
          new NewPool(
              pool.subnet(), pool.ipRange(), pool.gateway(), map(pool.auxiliaryAddresses())));
    }
    String id =
        networks.create(
            new NewNetwork(
                wanted.name(),
                text(wanted.driver()),
                wanted.internal(),
                wanted.attachable(),
                wanted.enableIpv4(),
                wanted.enableIpv6(),
                ipam == null ? "" : text(ipam.driver()),
                ipam == null ? Map.of() : map(ipam.options()),
                pools,
                map(wanted.options()),
                map(wanted.labels())));
    call.answer(201, new NetworkCreated(id, ""));
  }

  private static List<NetworkCreate.Pool> pools(NetworkCreate.Ipam ipam) {
    List<NetworkCreate.Pool> pools = ipam.config();
    return pools == null ? List.of() : pools;
  }

  private static Map<String, String> map(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private void prune(Call call) throws IOException {
    List<String> removed = networks.prune(call.filters());
    call.answer(new NetworksPruned(removed.isEmpty() ? null : removed));
  }

  private void connect(Call call) throws IOException {
    NetworkConnect wanted = call.json(NetworkConnect.class);
    NetworkingConfig.EndpointConfig asked = wanted.endpointConfig();
    containers.connect(
        wanted.container(),
        call.name("id"),
        asked == null
            ? new NetworkingConfig.EndpointConfig(null, null, null, null, null, 0)
            : asked);
    call.empty(200);
  }

  private void disconnect(Call call) throws IOException {
    NetworkConnect wanted = call.json(NetworkConnect.class);
    containers.disconnect(wanted.container(), call.name("id"));
    call.empty(200);
  }

  private void list(Call call) throws IOException {
    var filters = call.filters();
    filters.allowOnly(FILTERS);
    List<NetworkInspect> answers = new ArrayList<>();
    for (NetworkDetails network : networks.list(filters)) {
      answers.add(answer(network, Map.of()));
    }
    call.answer(answers);
  }

  private void inspect(Call call) throws IOException {
    NetworkDetails network = networks.inspect(call.name("id"));
    Map<String, NetworkInspect.Member> members = new LinkedHashMap<>();
    for (Map.Entry<String, NetworkPlace> each : network.containers().entrySet()) {
      Endpoint endpoint = each.getValue().endpoint();
      if (endpoint != null) {
        members.put(each.getKey(), member(each.getKey(), endpoint));
      }
    }
    call.answer(answer(network, members));
  }

  private NetworkInspect.Member member(String container, Endpoint endpoint) throws IOException {
    return new NetworkInspect.Member(
        name(container),
        endpoint.id(),
        endpoint.mac(),
        text(endpoint.address()),
        text(endpoint.address6()));
  }

  private String name(String container) throws IOException {
    try {
      ContainerDetails details = containers.inspect(container, false);
      return details.name();
    } catch (Fault.NotFound _) { // It went while we looked.
      return "";
    }
  }

  private static String text(@Nullable Cidr address) {
    return address == null ? "" : address.toString();
  }

  private static NetworkInspect answer(
      NetworkDetails details, Map<String, NetworkInspect.Member> members) {
    Network network = details.network();
    List<NetworkInspect.Pool> pools = new ArrayList<>();
    boolean ipv6 = false;
    for (Network.Pool pool : network.pools()) {
      Cidr subnet = pool.subnet();
      ipv6 |= subnet.address().getAddress().length == 16;
      Map<String, String> reserved = new TreeMap<>();
      pool.reserved().forEach((name, address) -> reserved.put(name, Cidr.text(address)));
      pools.add(
          new NetworkInspect.Pool(
              subnet.first().toString(),
              pool.range() == null ? null : pool.range().toString(),
              Cidr.text(pool.gateway()),
              reserved.isEmpty() ? null : reserved));
    }
    return new NetworkInspect(
        network.name(),
        network.id(),
        Times.text(details.created()),
        "local",
        network.driver(),
        network.hasIpv4() || !ipv6,
        ipv6,
        new NetworkInspect.Ipam(
            "default",
            isStanding(network) ? null : details.ipamOptions(),
            pools.isEmpty() ? null : pools),
        network.internal(),
        details.attachable(),
        false,
        Map.of("Network", ""),
        false,
        members,
        options(network),
        details.labels());
  }

  /// What a bridge was made with, under Docker's names; what was asked for has the last word.
  private static Map<String, String> options(Network network) {
    if (!network.name().equals("bridge")) {
      return network.options();
    }
    Map<String, String> all = new TreeMap<>();
    all.put("com.docker.network.bridge.default_bridge", "true");
    all.put("com.docker.network.bridge.host_binding_ipv4", "0.0.0.0");
    all.put("com.docker.network.bridge.enable_icc", Boolean.toString(network.icc()));
    all.put(
        "com.docker.network.bridge.enable_ip_masquerade", Boolean.toString(network.masquerade()));
    all.put("com.docker.network.bridge.name", network.device());
    all.put("com.docker.network.driver.mtu", Integer.toString(network.mtu()));
    all.putAll(network.options());
    return all;
  }

  private static boolean isStanding(Network network) {
    return Set.of("bridge", "host", "none").contains(network.name());
  }

  private void remove(Call call) throws IOException {
    networks.remove(call.name("id"));
    call.empty(204);
  }
}
