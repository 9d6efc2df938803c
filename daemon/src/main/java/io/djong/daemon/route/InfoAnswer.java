package io.djong.daemon.route;

import io.djong.api.SystemInfo;
import io.djong.engine.ContainerDetails;
import io.djong.engine.ContainerState;
import io.djong.engine.SystemFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Says what the engine and its machine are in the words of the Engine API.
final class InfoAnswer {
  private InfoAnswer() {}

  static SystemInfo of(
      SystemFacts facts,
      Product product,
      List<ContainerDetails> containers,
      int images,
      Instant now) {
    int running = 0;
    int paused = 0;
    for (ContainerDetails container : containers) {
      if (container.state() instanceof ContainerState.Running state) {
        if (state.paused()) {
          paused++;
        } else {
          running++;
        }
      }
    }
    List<List<String>> status = new ArrayList<>();
    new TreeMap<>(facts.storageStatus()).forEach((key, value) -> status.add(List.of(key, value)));
    Map<String, SystemInfo.OciRuntime> runtimes = new TreeMap<>();
    facts.runtimes().forEach((name, path) -> runtimes.put(name, new SystemInfo.OciRuntime(path)));
    return new SystemInfo(
        facts.id(),
        containers.size(),
        running,
        paused,
        containers.size() - running - paused,
        images,
        facts.storageDriver(),
        status,
        new SystemInfo.Plugins(
            List.of("local"), List.of("bridge", "host", "null"), null, List.of("json-file")),
        facts.memoryLimit(),
        facts.swapLimit(),
        false,
        facts.cpuLimits(),
        facts.cpuLimits(),
        facts.cpuLimits(),
        facts.cpuLimits(),
        facts.pidsLimit(),
        facts.ipv4Forwarding(),
        false,
        0,
        facts.memoryLimit(),
        Thread.activeCount(),
        now.toString(),
        "json-file",
        facts.cgroupDriver(),
        facts.cgroupVersion(),
        0,
        facts.kernelVersion(),
        facts.operatingSystem(),
        facts.osVersion(),
        "linux",
        facts.architecture(),
        "",
        new SystemInfo.RegistryConfig(Map.of(), List.of("::1/128", "127.0.0.0/8"), null),
        facts.cpus(),
        facts.memory(),
        null,
        facts.dataRoot(),
        "",
        "",
        "",
        facts.name(),
        List.of(),
        false,
        product.version(),
        runtimes,
        facts.defaultRuntime(),
        SystemInfo.Swarm.INACTIVE,
        true,
        "",
        facts.initBinary(),
        new SystemInfo.Commit(""),
        new SystemInfo.Commit(facts.runtimeVersion()),
        new SystemInfo.Commit(""),
        facts.securityOptions(),
        new SystemInfo.Firewall("nftables"),
        List.of(),
        facts.warnings().isEmpty() ? null : facts.warnings());
  }
}
