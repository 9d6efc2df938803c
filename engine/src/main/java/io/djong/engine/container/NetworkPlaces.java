package io.djong.engine.container;

import io.djong.engine.network.Endpoints;
import io.djong.engine.network.StandingNetworks;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.container.HostConfig;
import io.djong.model.container.HostConfig.PortBinding;
import io.djong.model.container.NetworkingConfig.EndpointConfig;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.EndpointRecord;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.NetworkDriver;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.EndpointRequest;
import io.djong.network.NetworkDriver.Port;
import io.djong.network.Sandbox;
import io.djong.network.Sandboxes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Gives containers their place in a network for the time they run. Under the container's lock.
final class NetworkPlaces {
  private final Sandboxes sandboxes;
  private final NetworkDriver driver;
  private final StandingNetworks networks;
  private final ContainerRegister containers;

  NetworkPlaces(
      Sandboxes sandboxes,
      NetworkDriver driver,
      StandingNetworks networks,
      ContainerRegister containers) {
    this.sandboxes = sandboxes;
    this.driver = driver;
    this.networks = networks;
    this.containers = containers;
  }

  /// @param namespace what the container joins; null is the host's
  record Place(@Nullable Path namespace, Map<String, EndpointRecord> endpoints) {}

  /// The name of the network a container is in: `default` is `bridge`.
  static String networkName(HostConfig host) {
    return host.networkMode().equals("default") ? "bridge" : host.networkMode();
  }

  /// Whether there is such a network is found out at the start: to clients, a creation that does
  /// not find something misses the image.
  ///
  /// @throws Fault.Invalid if ports make no sense
  static void check(HostConfig host) {
    ports(host, Set.of());
  }

  Place connect(Container container) throws IOException {
    HostConfig host = container.record().host();
    String name = networkName(host);
    if (name.equals("host")) {
      return new Place(null, Map.of());
    }
    if (name.startsWith("container:")) {
      return new Place(namespaceOf(name.substring(10)), Map.of());
    }
    checkThere(name);
    Sandbox sandbox = sandboxes.open(container.id().hex());
    boolean connected = false;
    try {
      Map<String, EndpointRecord> endpoints = new TreeMap<>();
      if (name.equals("bridge") && !container.record().config().networkDisabled()) {
        Network network = networks.bridge();
        Endpoint endpoint = driver.connect(network, sandbox, request(container.record()));
        endpoints.put(network.id(), Endpoints.record(endpoint));
      }
      connected = true;
      return new Place(sandbox.path(), endpoints);
    } finally {
      if (!connected) {
        Rollback.attempt("removing a network namespace", () -> sandboxes.remove(sandbox));
      }
    }
  }

  private void checkThere(String name) {
    try {
      networks.network(name);
    } catch (Fault.NotFound e) {
      throw new Fault.NotFound("failed to set up container networking: " + e.getMessage());
    }
  }

  private Path namespaceOf(String ref) throws IOException {
    Container other = containers.find(ref);
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

  private static EndpointRequest request(ContainerRecord container) {
    EndpointConfig asked = container.networking().endpointsConfig().get("bridge");
    String mac = asked == null ? null : asked.macAddress();
    String own = mac == null || mac.isEmpty() ? container.config().macAddress() : mac;
    return new EndpointRequest(
        ContainerId.random().hex(),
        container.id(),
        "eth0",
        null,
        null,
        own == null || own.isEmpty() ? null : own,
        ports(container.host(), container.config().exposedPorts().keySet()),
        Set.of());
  }

  private static List<Port> ports(HostConfig host, Set<String> exposed) {
    List<Port> all = new ArrayList<>();
    for (Map.Entry<String, List<PortBinding>> entry : host.portBindings().entrySet()) {
      List<PortBinding> bindings = entry.getValue();
      for (PortBinding binding :
          bindings == null || bindings.isEmpty() ? List.of(new PortBinding("", "")) : bindings) {
        all.add(port(entry.getKey(), binding));
      }
    }
    if (host.publishAllPorts()) {
      for (String port : exposed) {
        if (!host.portBindings().containsKey(port)) {
          all.add(port(port, new PortBinding("", "")));
        }
      }
    }
    return all;
  }

  private static Port port(String containerPort, PortBinding binding) {
    int slash = containerPort.indexOf('/');
    String number = slash < 0 ? containerPort : containerPort.substring(0, slash);
    String protocol = slash < 0 ? "tcp" : containerPort.substring(slash + 1);
    if (!Set.of("tcp", "udp", "sctp").contains(protocol)) {
      throw new Fault.Invalid("invalid port specification: \"" + containerPort + "\"");
    }
    if (binding.hostPort().indexOf('-') >= 0) {
      throw new Fault.Unsupported(
          "a range of host ports (" + binding.hostPort() + ") is not supported yet by djong");
    }
    return new Port(
        number(number, 1),
        protocol,
        Cidr.parseAddress(binding.hostIp().isEmpty() ? "0.0.0.0" : binding.hostIp()),
        binding.hostPort().isEmpty() ? 0 : number(binding.hostPort(), 0));
  }

  private static int number(String text, int least) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= 65535) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid port specification: \"" + text + "\"", e);
    }
    throw new Fault.Invalid("invalid port specification: \"" + text + "\"");
  }

  /// Takes over the place of a container that an earlier daemon started.
  void adopt(ContainerRecord container) throws IOException {
    for (EndpointRecord endpoint : container.endpoints().values()) {
      driver.adopt(networks.bridge(), Endpoints.endpoint(endpoint));
    }
  }

  /// Frees addresses and ports, and removes the namespace. Idempotent.
  void disconnect(ContainerId id, Map<String, EndpointRecord> endpoints) throws IOException {
    for (EndpointRecord endpoint : endpoints.values()) {
      driver.disconnect(networks.bridge(), Endpoints.endpoint(endpoint));
    }
    Sandbox sandbox = sandboxes.find(id.hex());
    if (sandbox != null) {
      sandboxes.remove(sandbox);
    }
  }
}
