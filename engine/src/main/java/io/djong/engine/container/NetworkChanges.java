package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.container.NetworkingConfig;
import io.djong.model.container.NetworkingConfig.EndpointConfig;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.EndpointRecord;
import io.djong.network.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Takes containers into networks and out of them, whether they run or not.
final class NetworkChanges {
  private static final String PRIVATE =
      "container cannot be connected to multiple networks with one of the networks in private"
          + " (none) mode";

  private final ContainerParts parts;

  NetworkChanges(ContainerParts parts) {
    this.parts = parts;
  }

  void connect(Container container, String ref, EndpointConfig asked) throws IOException {
    container.lock().lock();
    try {
      Network network = parts.networks().networks().network(ref);
      ContainerRecord record = container.record();
      checkMay(record, network);
      Map<String, EndpointConfig> all = new TreeMap<>(AskedNetworks.of(record));
      if (all.containsKey(network.name())) {
        throw new Fault.Denied(
            "endpoint with name "
                + container.name()
                + " already exists in network "
                + network.name());
      }
      AskedNetworks.check(network.name(), asked, parts.networks().networks());
      all.put(network.name(), asked);
      ContainerRecord after = record.withNetworking(new NetworkingConfig(all, true));
      if (!container.isRunning()) {
        parts.register().update(container, after);
        return;
      }
      Map<String, EndpointRecord> endpoints = parts.networks().join(container, after, network);
      try (Rollback rollback = new Rollback()) {
        rollback.add(() -> leave(after.withEndpoints(endpoints), network));
        rewriteFiles(after, endpoints);
        parts.register().update(container, after.withEndpoints(endpoints));
        rollback.keep();
      }
      parts.events().tellNetwork(container, "connect", network);
    } finally {
      container.lock().unlock();
    }
  }

  private static void checkMay(ContainerRecord record, Network network) {
    if (network.driver().equals("host")) {
      throw new Fault.Invalid(
          "cannot connect container to host network - container must be created in host network"
              + " mode");
    }
    if (AskedNetworks.shares(record.host())) {
      throw new Fault.Invalid(
          "container sharing network namespace with another container or host cannot be connected"
              + " to any other network");
    }
    boolean alone = AskedNetworks.of(record).isEmpty();
    if (network.driver().equals("null") ? !alone : AskedNetworks.of(record).containsKey("none")) {
      throw new Fault.Invalid(PRIVATE);
    }
  }

  void disconnect(Container container, String ref) throws IOException {
    container.lock().lock();
    try {
      Network network = parts.networks().networks().network(ref);
      ContainerRecord record = container.record();
      if (network.driver().equals("host") && record.host().networkMode().equals("host")) {
        throw new Fault.Invalid(
            "cannot disconnect container from host network - container was created in host network"
                + " mode");
      }
      Map<String, EndpointConfig> all = new TreeMap<>(AskedNetworks.of(record));
      if (all.remove(network.name()) == null) {
        throw new Fault.Failed(
            "container " + container.id() + " is not connected to network " + network.name());
      }
      ContainerRecord after = record.withNetworking(new NetworkingConfig(all, true));
      if (!container.isRunning()) {
        parts.register().update(container, after);
        return;
      }
      Map<String, EndpointRecord> endpoints = leave(after, network);
      parts.register().update(container, after.withEndpoints(endpoints));
      rewriteFiles(after, endpoints);
      parts.events().tellNetwork(container, "disconnect", network);
    } finally {
      container.lock().unlock();
    }
  }

  void unlink(Container container, String alias) throws IOException {
    container.lock().lock();
    try {
      ContainerRecord before = container.record();
      List<String> links = before.host().links();
      List<String> rest = new ArrayList<>(links == null ? List.of() : links);
      if (!rest.removeIf(text -> Links.Link.parse(text).alias().equals(alias))) {
        throw new Fault.NotFound("No such container: " + container.name() + "/" + alias);
      }
      ContainerRecord after = before.withHost(ChangedHost.of(before.host(), Map.of("Links", rest)));
      parts.register().update(container, after);
      if (container.isRunning()) {
        rewriteFiles(after, after.endpoints());
      }
    } finally {
      container.lock().unlock();
    }
  }

  private void rewriteFiles(ContainerRecord after, Map<String, EndpointRecord> endpoints)
      throws IOException {
    NetworkFiles.rewrite(
        parts.folders(), after, endpoints.values(), parts.networks().linkedHosts(after));
  }

  private Map<String, EndpointRecord> leave(ContainerRecord container, Network network)
      throws IOException {
    EndpointRecord gone = container.endpoints().get(network.id());
    return gone == null ? container.endpoints() : parts.networks().leave(container, gone);
  }
}
