package io.djong.daemon.route;

import io.djong.api.NetworkInspect;
import io.djong.engine.ContainerDetails;
import io.djong.engine.ContainerDetails.NetworkPlace;
import io.djong.engine.Containers;
import io.djong.engine.Networks;
import io.djong.engine.Networks.NetworkDetails;
import io.djong.model.Fault;
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

/// Networks: listed and looked at.
final class NetworkRoutes {
  private static final Set<String> PREDEFINED = Set.of("bridge", "host", "none");
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
    table.add("POST", "/networks/prune", call -> call.answer(nothingPruned()));
    table.add("GET", "/networks/{id}", this::inspect);
    table.add("DELETE", "/networks/{id}", this::remove);
  }

  /// The three that are always there are never pruned, and there are no others.
  private static Map<String, @Nullable Object> nothingPruned() {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("NetworksDeleted", null);
    return answer;
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
      pools.add(
          new NetworkInspect.Pool(
              new Cidr(subnet.at(0), subnet.prefix()).toString(), pool.gateway().getHostAddress()));
    }
    return new NetworkInspect(
        network.name(),
        network.id(),
        Times.text(details.created()),
        "local",
        network.driver(),
        true,
        ipv6,
        new NetworkInspect.Ipam("default", null, pools.isEmpty() ? null : pools),
        network.internal(),
        false,
        false,
        Map.of("Network", ""),
        false,
        members,
        options(network),
        details.labels());
  }

  /// What a bridge was made with, under Docker's names; what was asked for has the last word.
  private static Map<String, String> options(Network network) {
    if (!network.driver().equals("bridge")) {
      return network.options();
    }
    Map<String, String> all = new TreeMap<>();
    if (network.name().equals("bridge")) {
      all.put("com.docker.network.bridge.default_bridge", "true");
      all.put("com.docker.network.bridge.host_binding_ipv4", "0.0.0.0");
    }
    all.put("com.docker.network.bridge.enable_icc", Boolean.toString(network.icc()));
    all.put(
        "com.docker.network.bridge.enable_ip_masquerade", Boolean.toString(network.masquerade()));
    all.put("com.docker.network.bridge.name", network.device());
    all.put("com.docker.network.driver.mtu", Integer.toString(network.mtu()));
    all.putAll(network.options());
    return all;
  }

  private void remove(Call call) throws IOException {
    String name = networks.inspect(call.name("id")).network().name();
    if (PREDEFINED.contains(name)) {
      throw new Fault.Denied(name + " is a pre-defined network and cannot be removed");
    }
    throw new Fault.Unsupported("removing networks is not there yet in djong 0.1");
  }
}
