package io.djong.engine.container;

import io.djong.model.container.NetworkingConfig.EndpointConfig;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.EndpointRecord;
import io.djong.network.Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which names lead where in which network: read from the records of the containers that run, anew
/// whenever one has changed. Safe for use by several threads.
final class NameIndex {
  private final ContainerRegister register;
  private volatile Read read = new Read(-1, Map.of());

  NameIndex(ContainerRegister register) {
    this.register = register;
  }

  /// The names of one network.
  ///
  /// @param addresses by name in lower case; a name of `*.web` stands for all that end in `.web`
  /// @param names of the containers by address
  record InNetwork(Map<String, List<InetAddress>> addresses, Map<InetAddress, String> names) {
    private static final InNetwork NOBODY = new InNetwork(Map.of(), Map.of());

    /// The addresses of a name; null if nobody has it.
    @Nullable List<InetAddress> find(String name) {
      List<InetAddress> exact = addresses.get(name);
      if (exact != null || name.startsWith("*.")) {
        return exact;
      }
      for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
        List<InetAddress> wild = addresses.get("*" + name.substring(dot));
        if (wild != null) {
          return wild;
        }
      }
      return null;
    }
  }

  private record Read(long version, Map<String, InNetwork> networks) {}

  InNetwork of(String networkId) {
    long version = register.version();
    Read now = read;
    if (now.version() != version) {
      now = new Read(version, readAll());
      read = now;
    }
    return now.networks().getOrDefault(networkId, InNetwork.NOBODY);
  }

  private Map<String, InNetwork> readAll() {
    Map<String, InNetwork> all = new HashMap<>();
    for (Container container : register.all()) {
      ContainerRecord record = container.record();
      if (container.isRunning()) {
        for (EndpointRecord endpoint : record.endpoints().values()) {
          add(all, record, endpoint);
        }
      }
    }
    return all;
  }

  private static void add(
      Map<String, InNetwork> all, ContainerRecord record, EndpointRecord endpoint) {
    InNetwork network =
        all.computeIfAbsent(
            endpoint.network(), _ -> new InNetwork(new HashMap<>(), new HashMap<>()));
    List<InetAddress> addresses = new ArrayList<>();
    for (String text : new String[] {endpoint.address(), endpoint.address6()}) {
      if (text != null) {
        addresses.add(Cidr.parse(text).address());
      }
    }
    for (InetAddress address : addresses) {
      network.names().put(address, record.name());
    }
    EndpointConfig asked = asked(record, endpoint);
    for (String name : names(record, asked)) {
      network
          .addresses()
          .computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .addAll(addresses);
    }
  }

  private static EndpointConfig asked(ContainerRecord record, EndpointRecord endpoint) {
    String name = endpoint.networkName();
    return name == null
        ? AskedNetworks.NOTHING
        : AskedNetworks.of(record).getOrDefault(name, AskedNetworks.NOTHING);
  }

  /// The names of a container in a network: its own, its aliases, its short id, its hostname.
  static List<String> names(ContainerRecord record, EndpointConfig asked) {
    LinkedHashSet<String> names = new LinkedHashSet<>();
    names.add(record.name());
    List<String> aliases = asked.aliases();
    if (aliases != null) {
      names.addAll(aliases);
    }
    names.add(record.id().substring(0, 12));
    String hostname = record.config().hostname();
    if (hostname != null && !hostname.isEmpty()) {
      names.add(hostname);
    }
    return List.copyOf(names);
  }
}
