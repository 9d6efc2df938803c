package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.container.HostConfig;
import io.djong.model.container.HostConfig.PortBinding;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.EndpointRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Publishes more ports of a container, or fewer, also while it runs.
final class PortChanges {
  private final ContainerParts parts;

  PortChanges(ContainerParts parts) {
    this.parts = parts;
  }

  /// All or nothing.
  ///
  /// @param add by `port/protocol`, as in [HostConfig]
  /// @param remove a binding without a host port means all of that port
  void change(
      Container container,
      Map<String, List<PortBinding>> add,
      Map<String, List<PortBinding>> remove)
      throws IOException {
    container.lock().lock();
    try {
      ContainerRecord before = container.record();
      if (AskedNetworks.shares(before.host())) {
        throw new Fault.Invalid(
            "container " + container.name() + " has no network of its own: it publishes no ports");
      }
      ContainerRecord after = before.withHost(host(before, add, remove));
      AskedPorts.check(after.host());
      if (!container.isRunning()) {
        parts.register().update(container, after);
      } else {
        Map<String, EndpointRecord> endpoints = parts.networks().republish(after, add, remove);
        try (Rollback rollback = new Rollback()) {
          rollback.add(() -> parts.networks().restore(before.endpoints()));
          parts.register().update(container, after.withEndpoints(endpoints));
          rollback.keep();
        }
      }
      parts.events().tell(container, "update");
    } finally {
      container.lock().unlock();
    }
  }

  private static HostConfig host(
      ContainerRecord before,
      Map<String, List<PortBinding>> add,
      Map<String, List<PortBinding>> remove) {
    Map<String, List<PortBinding>> all = new TreeMap<>();
    before
        .host()
        .portBindings()
        .forEach((port, bindings) -> all.put(port, new ArrayList<>(bindings)));
    remove.forEach(
        (port, bindings) -> {
          List<PortBinding> there = all.getOrDefault(port, List.of());
          for (PortBinding gone : bindings) {
            if (!there.removeIf(binding -> fits(gone, binding))) {
              throw new Fault.NotFound(
                  "container " + before.name() + " does not publish " + port + shown(gone));
            }
          }
          if (there.isEmpty()) {
            all.remove(port);
          }
        });
    add.forEach(
        (port, bindings) -> all.computeIfAbsent(port, _ -> new ArrayList<>()).addAll(bindings));
    return ChangedHost.of(before.host(), Map.of("PortBindings", trees(all)));
  }

  private static Map<String, Object> trees(Map<String, List<PortBinding>> all) {
    Map<String, Object> trees = new LinkedHashMap<>();
    all.forEach(
        (port, bindings) ->
            trees.put(
                port,
                bindings.stream()
                    .map(one -> Map.of("HostIp", one.hostIp(), "HostPort", one.hostPort()))
                    .toList()));
    return trees;
  }

  private static boolean fits(PortBinding wanted, PortBinding binding) {
    return (wanted.hostPort().isEmpty() || wanted.hostPort().equals(binding.hostPort()))
        && (wanted.hostIp().isEmpty() || wanted.hostIp().equals(binding.hostIp()));
  }

  private static String shown(PortBinding binding) {
    return binding.hostPort().isEmpty() ? "" : " on host port " + binding.hostPort();
  }
}
