package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.container.HostConfig;
import io.djong.model.container.HostConfig.RestartPolicy;
import io.djong.model.json.Json;
import io.djong.model.record.ContainerRecord;
import io.djong.model.spec.LinuxResources;
import io.djong.runtime.ContainerProcess;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Changes what a container may use, also while it runs. What is not said stays.
final class ContainerUpdate {
  private final ContainerParts parts;

  ContainerUpdate(ContainerParts parts) {
    this.parts = parts;
  }

  /// @return warnings
  List<String> update(Container container, HostConfig wanted, @Nullable RestartPolicy policy)
      throws IOException {
    List<String> warnings = LimitChecks.check(wanted, parts.machine());
    container.lock().lock();
    try {
      if (container.isGone()) {
        throw new Fault.NotFound("No such container: " + container.id());
      }
      ContainerRecord before = container.record();
      if (policy != null && before.host().autoRemove() && !policy.name().equals("no")) {
        throw refusal(
            container,
            "Restart policy cannot be updated because AutoRemove is enabled for the container");
      }
      if (policy != null) {
        LifeChecks.restartPolicy(policy);
      }
      HostConfig after = merged(container, before.host(), wanted, policy);
      LimitChecks.check(after, parts.machine());
      ContainerProcess process = container.process();
      if (container.isRunning() && process != null && asksForLimits(wanted)) {
        LinuxResources limits =
            ResourceLimits.changes(after, BlockDevices.of(after, parts.machine()), parts.machine());
        process.update(Json.lean().write(limits));
      }
      parts.register().update(container, before.withHost(after));
      parts.events().tell(container, "update");
      return warnings;
    } finally {
      container.lock().unlock();
    }
  }

  private static boolean asksForLimits(HostConfig wanted) {
    return !limits(wanted).isEmpty();
  }

  /// The limits that something is said about, as properties of the API.
  private static Map<String, Object> limits(HostConfig wanted) {
    Map<String, Object> said = new LinkedHashMap<>();
    number(said, "CpuShares", wanted.cpuShares());
    number(said, "NanoCpus", wanted.nanoCpus());
    number(said, "CpuPeriod", wanted.cpuPeriod());
    number(said, "CpuQuota", wanted.cpuQuota());
    number(said, "Memory", wanted.memory());
    number(said, "MemorySwap", wanted.memorySwap());
    number(said, "MemoryReservation", wanted.memoryReservation());
    number(said, "BlkioWeight", wanted.blkioWeight());
    text(said, "CpusetCpus", wanted.cpusetCpus());
    text(said, "CpusetMems", wanted.cpusetMems());
    if (wanted.pidsLimit() != null) {
      said.put("PidsLimit", wanted.pidsLimit());
    }
    return said;
  }

  private static void number(Map<String, Object> said, String property, long value) {
    if (value != 0) {
      said.put(property, value);
    }
  }

  private static void text(Map<String, Object> said, String property, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      said.put(property, value);
    }
  }

  private static HostConfig merged(
      Container container, HostConfig before, HostConfig wanted, @Nullable RestartPolicy policy) {
    conflicts(container, before, wanted);
    Map<String, Object> changes = new LinkedHashMap<>(limits(wanted));
    if (policy != null) {
      Map<String, Object> restart = new LinkedHashMap<>();
      restart.put("Name", policy.name());
      restart.put("MaximumRetryCount", policy.maximumRetryCount());
      changes.put("RestartPolicy", restart);
    }
    return ChangedHost.of(before, changes);
  }

  private static void conflicts(Container container, HostConfig before, HostConfig wanted) {
    long swap = ResourceLimits.shownSwap(before);
    if (wanted.memory() > swap && wanted.memorySwap() == 0 && swap != -1) {
      throw refusal(
          container,
          "Memory limit should be smaller than already set memoryswap limit, update the memoryswap"
              + " at the same time");
    }
    boolean cfs = wanted.cpuPeriod() != 0 || wanted.cpuQuota() != 0;
    if (cfs && before.nanoCpus() != 0) {
      throw refusal(
          container,
          "Conflicting options: CPU "
              + (wanted.cpuPeriod() != 0 ? "Period" : "Quota")
              + " cannot be updated as NanoCPUs has already been set");
    }
    if (wanted.nanoCpus() != 0 && (before.cpuPeriod() != 0 || before.cpuQuota() != 0)) {
      throw refusal(
          container,
          "Conflicting options: Nano CPUs cannot be updated as CPU "
              + (before.cpuPeriod() != 0 ? "Period" : "Quota")
              + " has already been set");
    }
  }

  private static Fault refusal(Container container, String why) {
    return new Fault.Conflict("Cannot update container " + container.id() + ": " + why);
  }
}
