package io.djong.daemon.route;

import io.djong.engine.ContainerUsage;
import io.djong.engine.ContainerUsage.Counted;
import io.djong.linux.CgroupUsage;
import io.djong.linux.CgroupUsage.DeviceCount;
import io.djong.linux.NetworkCounters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a container uses in the words of the Engine API (`ContainerStats`): on cgroup v1 and v2
/// those that Docker gives there. Pure.
final class StatsAnswer {
  private StatsAnswer() {}

  /// @param before the look before this one; null for the first
  /// @param named whether the name is told, which Docker does but for the first answer
  static Map<String, @Nullable Object> of(
      ContainerUsage usage, @Nullable ContainerUsage before, boolean named) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    if (named) {
      all.put("name", "/" + usage.name());
      all.put("id", usage.id().hex());
    }
    Counted counted = usage.counted();
    Counted earlier = before == null ? null : before.counted();
    all.put("read", counted == null ? Times.NEVER : Times.text(usage.read()));
    all.put("preread", before == null || earlier == null ? Times.NEVER : Times.text(before.read()));
    all.put("pids_stats", counted == null ? Map.of() : pids(counted.group()));
    all.put("blkio_stats", blockIo(counted));
    all.put("num_procs", 0);
    all.put("storage_stats", Map.of());
    all.put("cpu_stats", cpu(counted));
    all.put("precpu_stats", cpu(earlier));
    all.put("memory_stats", counted == null ? Map.of() : memory(counted));
    if (counted != null && !counted.networks().isEmpty()) {
      Map<String, Object> networks = new LinkedHashMap<>();
      counted.networks().forEach((name, counters) -> networks.put(name, network(counters)));
      all.put("networks", networks);
    }
    return all;
  }

  private static Map<String, Object> pids(CgroupUsage group) {
    Map<String, Object> pids = new LinkedHashMap<>();
    put(pids, "current", group.pids());
    put(pids, "limit", group.pidsLimit());
    return pids;
  }

  private static void put(Map<String, Object> into, String name, @Nullable Long value) {
    if (value != null && value != 0) {
      into.put(name, value);
    }
  }

  private static Map<String, @Nullable Object> blockIo(@Nullable Counted counted) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    List<Map<String, Object>> none = counted == null ? null : List.of();
    all.put("io_service_bytes_recursive", counted == null ? null : counts(counted.group().bytes()));
    all.put("io_serviced_recursive", counted == null ? null : counts(counted.group().operations()));
    for (String name :
        List.of("io_queue", "io_service_time", "io_wait_time", "io_merged", "io_time", "sectors")) {
      all.put(name + "_recursive", none);
    }
    return all;
  }

  private static List<Map<String, Object>> counts(List<DeviceCount> counts) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (DeviceCount count : counts) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("major", count.major());
      one.put("minor", count.minor());
      one.put("op", count.direction());
      one.put("value", count.count());
      all.add(one);
    }
    return all;
  }

  private static Map<String, Object> cpu(@Nullable Counted counted) {
    Map<String, Object> usage = new LinkedHashMap<>();
    Map<String, Object> throttling = new LinkedHashMap<>();
    CgroupUsage group = counted == null ? null : counted.group();
    usage.put("total_usage", group == null ? 0 : group.cpu());
    if (group != null && !group.perCpu().isEmpty()) {
      usage.put("percpu_usage", group.perCpu());
    }
    usage.put("usage_in_kernelmode", group == null ? 0 : group.kernelCpu());
    usage.put("usage_in_usermode", group == null ? 0 : group.userCpu());
    throttling.put("periods", group == null ? 0 : group.periods());
    throttling.put("throttled_periods", group == null ? 0 : group.throttledPeriods());
    throttling.put("throttled_time", group == null ? 0 : group.throttledTime());
    Map<String, Object> cpu = new LinkedHashMap<>();
    cpu.put("cpu_usage", usage);
    if (counted != null) {
      cpu.put("system_cpu_usage", counted.systemCpu());
      cpu.put("online_cpus", counted.cpus());
    }
    cpu.put("throttling_data", throttling);
    return cpu;
  }

  private static Map<String, Object> memory(Counted counted) {
    CgroupUsage group = counted.group();
    Map<String, Object> memory = new LinkedHashMap<>();
    memory.put("usage", group.memory());
    put(memory, "max_usage", group.memoryMax());
    memory.put("stats", group.memoryStats());
    put(memory, "failcnt", group.memoryFailures());
    memory.put("limit", counted.memoryLimit());
    return memory;
  }

  private static Map<String, Object> network(NetworkCounters counters) {
    Map<String, Object> network = new LinkedHashMap<>();
    network.put("rx_bytes", counters.receivedBytes());
    network.put("rx_packets", counters.receivedPackets());
    network.put("rx_errors", counters.receiveErrors());
    network.put("rx_dropped", counters.receiveDrops());
    network.put("tx_bytes", counters.sentBytes());
    network.put("tx_packets", counters.sentPackets());
    network.put("tx_errors", counters.sendErrors());
    network.put("tx_dropped", counters.sendDrops());
    return network;
  }
}
