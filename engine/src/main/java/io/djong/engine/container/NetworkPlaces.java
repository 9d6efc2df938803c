package io.djong.engine.container;

import io.djong.engine.Publishing;
import io.djong.engine.network.Endpoints;
import io.djong.engine.network.RecordedNetworks;
import io.djong.linux.UserNamespace;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.container.HostConfig.PortBinding;
import io.djong.model.container.NetworkingConfig.Addresses;
import io.djong.model.container.NetworkingConfig.EndpointConfig;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.EndpointRecord;
import io.djong.network.Cidr;
import io.djong.network.NameServer;
import io.djong.network.Network;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.EndpointRequest;
import io.djong.network.NetworkDriver.Families;
import io.djong.network.NetworkDriver.Port;
import io.djong.network.Sandbox;
import io.djong.network.Sandboxes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Gives containers their places in networks for the time they run. Under the container's lock.
final class NetworkPlaces {
  private final Sandboxes sandboxes;
  private final RecordedNetworks networks;
  private final ContainerRegister containers;
  private final Publishing publishing;
  private final NameServer names;
  private final NameIndex index;
  private final HostResolvers resolvers = new HostResolvers();

  /// @param publishing how ports are published where nobody says
  NetworkPlaces(
      Sandboxes sandboxes,
      RecordedNetworks networks,
      ContainerRegister containers,
      Publishing publishing,
      NameServer names) {
    this.names = names;
    this.index = new NameIndex(containers);
    this.sandboxes = sandboxes;
    this.networks = networks;
    this.containers = containers;
    this.publishing = publishing;
  }

  /// @param namespace what the container joins; null is the host's
  /// @param endpoints by network id, in the order of their devices
  /// @param owner the container whose network it is, where it is another's
  record Place(
      @Nullable Path namespace,
      Map<String, EndpointRecord> endpoints,
      @Nullable ContainerId owner) {
    static final Place NOWHERE = new Place(null, Map.of(), null);
  }

  RecordedNetworks networks() {
    return networks;
  }

  /// @param owner the container's user namespace, if it has one: its network is that one's
  Place connect(Container container, @Nullable UserNamespace owner) throws IOException {
    ContainerRecord record = container.record();
    String mode = AskedNetworks.mode(record.host());
    if (mode.equals("host")) {
      return Place.NOWHERE;
    }
    if (mode.startsWith("container:")) {
      Container other = owner(mode.substring(10));
      return new Place(namespaceOf(other), Map.of(), other.id());
    }
    Map<Network, EndpointConfig> asked = networksOf(record, mode);
    String key = container.id().hex();
    Sandbox sandbox = owner == null ? sandboxes.open(key) : sandboxes.open(key, owner);
    try (Rollback rollback = new Rollback()) {
      rollback.add(() -> sandboxes.remove(sandbox));
      Ways ways = Ways.of(asked);
      Map<String, EndpointRecord> endpoints = new LinkedHashMap<>();
      for (Map.Entry<Network, EndpointConfig> entry : asked.entrySet()) {
        Network network = entry.getKey();
        Endpoint endpoint =
            networks.connect(
                network,
                sandbox,
                request(
                    record,
                    entry.getValue(),
                    device(entry.getValue(), endpoints.values()),
                    ways.through(network),
                    network.equals(ways.out()) ? ports(record, network) : List.of()));
        rollback.add(() -> networks.disconnect(endpoint, null));
        tune(sandbox, endpoint, entry.getValue());
        endpoints.put(network.id(), Endpoints.record(endpoint, network.name()));
      }
      if (AskedNetworks.haveNames(endpoints.values())) {
        serveNames(container, sandbox);
        rollback.add(() -> names.stop(sandbox.key()));
      }
      rollback.keep();
      return new Place(sandbox.path(), endpoints, null);
    } catch (Fault e) {
      throw Faults.prefixed("failed to set up container networking: ", e);
    }
  }

  private Container owner(String ref) {
    try {
      return containers.find(ref);
    } catch (Fault.NotFound e) {
      throw Faults.prefixed("joining network namespace of container: ", e);
    }
  }

  private void serveNames(Container container, Sandbox sandbox) throws IOException {
    names.serve(sandbox, new ContainerNames(container, containers, index, networks, resolvers));
  }

  /// What links give to a container that is started now.
  Links.Given links(ContainerRecord container) {
    return Links.given(container, containers, networks);
  }

  /// The lines of `/etc/hosts` that its links give now.
  List<String> linkedHosts(ContainerRecord container) {
    return Links.hosts(container, containers, networks);
  }

  private List<Port> ports(ContainerRecord record, Network network) {
    return network.driver().equals("bridge")
        ? AskedPorts.of(record.host(), record.config().exposedPorts().keySet(), network, publishing)
        : List.of();
  }

  /// That of the mode first, then by name.
  private Map<Network, EndpointConfig> networksOf(ContainerRecord record, String mode) {
    Map<String, EndpointConfig> asked = new TreeMap<>(AskedNetworks.of(record));
    Map<Network, EndpointConfig> all = new LinkedHashMap<>();
    if (record.config().networkDisabled()) {
      return all;
    }
    List<String> names = new ArrayList<>(asked.keySet());
    if (names.remove(mode)) {
      names.addFirst(mode);
    }
    for (String name : names) {
      Network network;
      try {
        network = networks.network(name);
      } catch (Fault.NotFound e) {
        throw new Fault.NotFound("failed to set up container networking: " + e.getMessage());
      }
      if (!network.driver().equals("null")) {
        all.put(network, asked.getOrDefault(name, AskedNetworks.NOTHING));
      }
    }
    return all;
  }

  private Path namespaceOf(Container other) throws IOException {
    if (!other.isRunning()) {
      throw new Fault.Conflict(
          "cannot join network namespace of a non running container: container "
              + other.name()
              + " is "
              + other.life().phase());
    }
    Sandbox sandbox = sandboxes.find(other.id().hex());
    return sandbox != null ? sandbox.path() : Path.of("/proc/" + other.life().pid() + "/ns/net");
  }

  private static EndpointRequest request(
      ContainerRecord container,
      EndpointConfig asked,
      String device,
      Families routes,
      List<Port> ports) {
    Addresses addresses = asked.ipamConfig();
    return new EndpointRequest(
        ContainerId.random().hex(),
        container.id(),
        device,
        address(addresses == null ? null : addresses.ipv4Address()),
        address(addresses == null ? null : addresses.ipv6Address()),
        mac(asked.macAddress()),
        routes,
        ports,
        Set.of());
  }

  /// The name of a new device: the one asked for, or the next.
  ///
  /// @throws Fault.Invalid if another device of the container has it
  private static String device(EndpointConfig asked, Collection<EndpointRecord> endpoints) {
    Set<String> taken = new HashSet<>(Set.of("lo"));
    endpoints.forEach(endpoint -> taken.add(endpoint.device()));
    String named = EndpointOptions.of(asked).device();
    if (named != null) {
      if (taken.contains(named)) {
        throw new Fault.Invalid("interface name \"" + named + "\" is taken in this container");
      }
      return named;
    }
    int number = 0;
    while (taken.contains("eth" + number)) {
      number++;
    }
    return "eth" + number;
  }

  private void tune(Sandbox sandbox, Endpoint endpoint, EndpointConfig asked) throws IOException {
    EndpointOptions options = EndpointOptions.of(asked);
    if (!options.isEmpty()) {
      sandboxes.tune(
          sandbox, endpoint.device(), options.near(), options.parameters(endpoint.device()));
    }
  }

  private static @Nullable String mac(@Nullable String asked) {
    return asked == null || asked.isEmpty() ? null : asked.replace('-', ':');
  }

  private static @Nullable InetAddress address(@Nullable String text) {
    return text == null || text.isEmpty() ? null : Cidr.parseAddress(text);
  }

  /// Joins a running container to one more network.
  ///
  /// @return all its endpoints now
  Map<String, EndpointRecord> join(Container running, ContainerRecord container, Network network)
      throws IOException {
    Map<String, EndpointRecord> endpoints = new LinkedHashMap<>(container.endpoints());
    Sandbox sandbox = sandbox(container);
    EndpointConfig asked =
        AskedNetworks.of(container).getOrDefault(network.name(), AskedNetworks.NOTHING);
    Endpoint endpoint =
        networks.connect(
            network,
            sandbox,
            request(
                container, asked, device(asked, endpoints.values()), Families.NEITHER, List.of()));
    endpoints.put(network.id(), Endpoints.record(endpoint, network.name()));
    try (Rollback rollback = new Rollback()) {
      rollback.add(() -> networks.disconnect(endpoint, sandbox));
      tune(sandbox, endpoint, asked);
      turn(container, sandbox, endpoints);
      if (AskedNetworks.haveNames(endpoints.values())) {
        serveNames(running, sandbox);
      }
      rollback.keep();
      return endpoints;
    }
  }

  /// Takes a running container out of a network.
  ///
  /// @return all its endpoints now
  Map<String, EndpointRecord> leave(ContainerRecord container, EndpointRecord gone)
      throws IOException {
    Map<String, EndpointRecord> endpoints = new LinkedHashMap<>(container.endpoints());
    endpoints.remove(gone.network());
    networks.disconnect(Endpoints.endpoint(gone), sandbox(container));
    turn(container, sandbox(container), endpoints);
    return endpoints;
  }

  /// Has routes and published ports go by the network that comes first now.
  private void turn(
      ContainerRecord container, Sandbox sandbox, Map<String, EndpointRecord> endpoints)
      throws IOException {
    Map<Network, EndpointConfig> asked = new LinkedHashMap<>();
    for (EndpointRecord endpoint : endpoints.values()) {
      Network network = networks.network(endpoint.network());
      asked.put(
          network, AskedNetworks.of(container).getOrDefault(network.name(), AskedNetworks.NOTHING));
    }
    Ways ways = Ways.of(asked);
    Network out = ways.out();
    // Withdrawn first: another endpoint of this container has them.
    for (Network network : asked.keySet()) {
      EndpointRecord endpoint = endpoints.get(network.id());
      if (endpoint != null && !network.equals(out) && !endpoint.ports().isEmpty()) {
        Endpoint bare = networks.publish(Endpoints.endpoint(endpoint), List.of());
        endpoints.put(network.id(), Endpoints.record(bare, network.name()));
      }
    }
    for (Network network : asked.keySet()) {
      EndpointRecord kept = endpoints.get(network.id());
      Families through = ways.through(network);
      if (kept != null && (through.ipv4() || through.ipv6())) {
        networks.route(sandbox, Endpoints.endpoint(kept), through);
      }
      if (kept != null && network.equals(out) && kept.ports().isEmpty()) {
        List<Port> ports = ports(container, network);
        if (!ports.isEmpty()) {
          Endpoint published = networks.publish(Endpoints.endpoint(kept), ports);
          endpoints.put(network.id(), Endpoints.record(published, network.name()));
        }
      }
    }
  }

  /// Has a running container publish some ports more and some less; if that fails all is as it was.
  ///
  /// @return all its endpoints now
  Map<String, EndpointRecord> republish(
      ContainerRecord container,
      Map<String, List<PortBinding>> add,
      Map<String, List<PortBinding>> remove)
      throws IOException {
    Map<Network, EndpointConfig> asked = new LinkedHashMap<>();
    for (EndpointRecord endpoint : container.endpoints().values()) {
      Network network = networks.network(endpoint.network());
      asked.put(
          network, AskedNetworks.of(container).getOrDefault(network.name(), AskedNetworks.NOTHING));
    }
    Network out = Ways.of(asked).out();
    EndpointRecord kept = out == null ? null : container.endpoints().get(out.id());
    if (out == null || kept == null || !out.driver().equals("bridge")) {
      throw new Fault.Invalid(
          "container " + container.name() + " is in no bridge network that leads outside");
    }
    Endpoint before = Endpoints.endpoint(kept);
    List<Port> ports = new ArrayList<>();
    for (Port port : before.ports()) {
      if (!AskedPorts.names(
          remove, port.containerPort(), port.protocol(), port.hostAddress(), port.hostPort())) {
        ports.add(port);
      }
    }
    ports.addAll(AskedPorts.more(container.host(), add, out, publishing));
    try (Rollback rollback = new Rollback()) {
      rollback.add(() -> networks.publish(before, before.ports()));
      Endpoint published = networks.publish(before, ports);
      Map<String, EndpointRecord> endpoints = new LinkedHashMap<>(container.endpoints());
      endpoints.put(out.id(), Endpoints.record(published, out.name()));
      rollback.keep();
      return endpoints;
    }
  }

  /// Has endpoints publish what they did before a change.
  void restore(Map<String, EndpointRecord> endpoints) throws IOException {
    for (EndpointRecord endpoint : endpoints.values()) {
      Endpoint before = Endpoints.endpoint(endpoint);
      if (!before.ports().isEmpty()) {
        networks.publish(before, before.ports());
      }
    }
  }

  private Sandbox sandbox(ContainerRecord container) throws IOException {
    Sandbox sandbox = sandboxes.find(container.id());
    if (sandbox == null) {
      throw new Fault.Failed(
          "the network namespace of container " + container.name() + " is gone: restart it");
    }
    return sandbox;
  }

  /// Takes over the places of a container that an earlier daemon started.
  void adopt(Container container) throws IOException {
    ContainerRecord record = container.record();
    Sandbox sandbox = sandboxes.find(record.id());
    if (sandbox != null && AskedNetworks.haveNames(record.endpoints().values())) {
      serveNames(container, sandbox);
    }
    for (EndpointRecord endpoint : record.endpoints().values()) {
      networks.adopt(Endpoints.endpoint(endpoint));
    }
  }

  /// Frees addresses and ports, and removes the namespace. Idempotent.
  void disconnect(ContainerId id, Map<String, EndpointRecord> endpoints) throws IOException {
    names.stop(id.hex());
    disconnect(endpoints.values());
    Sandbox sandbox = sandboxes.find(id.hex());
    if (sandbox != null) {
      sandboxes.remove(sandbox);
    }
  }

  private void disconnect(Collection<EndpointRecord> endpoints) throws IOException {
    IOException failed = null;
    for (EndpointRecord endpoint : endpoints) {
      try {
        networks.disconnect(Endpoints.endpoint(endpoint), null);
      } catch (IOException e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
