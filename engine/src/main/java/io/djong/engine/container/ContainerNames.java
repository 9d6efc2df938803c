package io.djong.engine.container;

import io.djong.engine.container.NameIndex.InNetwork;
import io.djong.engine.network.RecordedNetworks;
import io.djong.model.Fault;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.EndpointRecord;
import io.djong.network.Names;
import io.djong.network.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What one container knows of names: those of the networks it is in, as they are at the moment of
/// the question.
final class ContainerNames implements Names {
  private final Container container;
  private final ContainerRegister register;
  private final NameIndex index;
  private final RecordedNetworks networks;
  private final HostResolvers resolvers;

  ContainerNames(
      Container container,
      ContainerRegister register,
      NameIndex index,
      RecordedNetworks networks,
      HostResolvers resolvers) {
    this.container = container;
    this.register = register;
    this.index = index;
    this.networks = networks;
    this.resolvers = resolvers;
  }

  private List<EndpointRecord> endpoints() {
    List<EndpointRecord> all = new ArrayList<>(container.record().endpoints().values());
    if (all.size() > 1) {
      all.sort(Comparator.comparing(EndpointRecord::device));
    }
    return all;
  }

  @Override
  public @Nullable List<InetAddress> addresses(String name) {
    String linked = Links.target(container.record(), name);
    if (linked != null) {
      List<InetAddress> found = inNetworks(ofContainer(linked));
      if (found != null) {
        return found;
      }
    }
    return inNetworks(name);
  }

  /// The name under which a linked container is known.
  private String ofContainer(String ref) {
    try {
      return register.find(ref).name().toLowerCase(Locale.ROOT);
    } catch (Fault e) {
      return ref.toLowerCase(Locale.ROOT);
    }
  }

  private @Nullable List<InetAddress> inNetworks(String name) {
    for (EndpointRecord endpoint : endpoints()) {
      List<InetAddress> found = index.of(endpoint.network()).find(name);
      if (found != null) {
        return found;
      }
    }
    if (name.indexOf('.') < 0) {
      return null;
    }
    for (EndpointRecord endpoint : endpoints()) {
      String suffix = "." + networks.nameOf(endpoint.network()).toLowerCase(Locale.ROOT);
      if (name.endsWith(suffix)) {
        InNetwork network = index.of(endpoint.network());
        return network.find(name.substring(0, name.length() - suffix.length()));
      }
    }
    return null;
  }

  @Override
  public @Nullable String name(InetAddress address) {
    for (EndpointRecord endpoint : endpoints()) {
      String name = index.of(endpoint.network()).names().get(address);
      if (name != null) {
        return name + "." + networks.nameOf(endpoint.network());
      }
    }
    return null;
  }

  @Override
  public boolean isNear(InetAddress address) {
    return networks().stream()
        .flatMap(network -> network.pools().stream())
        .anyMatch(pool -> pool.subnet().contains(address));
  }

  private List<Network> networks() {
    List<Network> all = new ArrayList<>();
    for (EndpointRecord endpoint : endpoints()) {
      try {
        all.add(networks.network(endpoint.network()));
      } catch (Fault.NotFound _) { // It went while we looked.
      }
    }
    return all;
  }

  @Override
  public List<InetSocketAddress> servers() {
    ContainerRecord record = container.record();
    boolean inside = networks().stream().allMatch(Network::internal);
    return inside ? List.of() : resolvers.of(record.host().dns());
  }
}
