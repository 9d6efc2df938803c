package io.djong.engine.container;

import io.djong.engine.container.RuntimeSpecs.HostDevice;
import io.djong.model.container.HostConfig;
import io.djong.model.spec.LinuxResources;
import io.djong.model.spec.LinuxResources.BlockIo;
import io.djong.model.spec.LinuxResources.Cpu;
import io.djong.model.spec.LinuxResources.DeviceRule;
import io.djong.model.spec.LinuxResources.Memory;
import io.djong.model.spec.LinuxResources.Pids;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The control group of a container. Pure.
final class ResourceLimits {
  private static final long PERIOD = 100_000;

  /// A fork bomb ends in the container; Docker sets no limit.
  private static final long DEFAULT_PIDS = 4096;

  private ResourceLimits() {}

  static LinuxResources of(
      HostConfig host, List<HostDevice> devices, @Nullable BlockIo blockIo, Machine machine) {
    List<DeviceRule> rules =
        new ArrayList<>(host.privileged() ? List.of(allow(null, null, null)) : rules(devices));
    rules.addAll(DeviceRules.of(host.deviceCgroupRules()));
    return new LinuxResources(
        rules, memory(host, machine), cpu(host, machine), pids(host), blockIo);
  }

  /// What is said to a container that runs: devices stay as they are.
  static LinuxResources changes(HostConfig host, @Nullable BlockIo blockIo, Machine machine) {
    return new LinuxResources(
        List.of(), memory(host, machine), cpu(host, machine), pids(host), blockIo);
  }

  /// As Docker shows it: said or not, it is there once memory is limited.
  static long shownSwap(HostConfig host) {
    Long swap = swap(host);
    return swap == null ? host.memorySwap() : swap;
  }

  private static List<DeviceRule> rules(List<HostDevice> devices) {
    List<DeviceRule> all = new ArrayList<>();
    all.add(new DeviceRule(false, null, null, null, "rwm"));
    all.add(allow("c", 1L, 3L)); // null
    all.add(allow("c", 1L, 5L)); // zero
    all.add(allow("c", 1L, 8L)); // random
    all.add(allow("c", 1L, 9L)); // urandom
    all.add(allow("c", 5L, 0L)); // tty
    all.add(allow("c", 5L, 1L)); // console
    all.add(new DeviceRule(false, "c", 10L, 229L, "rwm")); // fuse
    for (HostDevice device : devices) {
      all.add(
          new DeviceRule(
              true,
              device.node().type(),
              device.node().major(),
              device.node().minor(),
              device.access()));
    }
    return all;
  }

  private static DeviceRule allow(
      @Nullable String type, @Nullable Long major, @Nullable Long minor) {
    return new DeviceRule(true, type, major, minor, "rwm");
  }

  private static @Nullable Memory memory(HostConfig host, Machine machine) {
    Long swappiness = host.memorySwappiness();
    // Version 2 has neither; the runtimes refuse both there.
    boolean swappinessSet = swappiness != null && swappiness >= 0 && !machine.cgroup2();
    boolean unkillable = Boolean.TRUE.equals(host.oomKillDisable()) && !machine.cgroup2();
    if (host.memory() <= 0
        && host.memoryReservation() <= 0
        && !swappinessSet
        && host.oomKillDisable() == null) {
      return null;
    }
    return new Memory(
        positive(host.memory()),
        positive(host.memoryReservation()),
        machine.swapLimits() ? swap(host) : null,
        swappinessSet ? swappiness : null,
        unkillable ? Boolean.TRUE : null);
  }

  /// Memory and swap together; as much swap as memory if nothing is said, as Docker does.
  static @Nullable Long swap(HostConfig host) {
    if (host.memory() <= 0) {
      return null;
    }
    return host.memorySwap() == 0 ? 2 * host.memory() : host.memorySwap();
  }

  private static @Nullable Cpu cpu(HostConfig host, Machine machine) {
    Long quota = positive(host.cpuQuota());
    Long period = positive(host.cpuPeriod());
    if (host.nanoCpus() > 0) {
      period = PERIOD;
      quota = Math.max(1000, host.nanoCpus() * PERIOD / 1_000_000_000L);
    }
    String cpus = machine.cpusets() ? text(host.cpusetCpus()) : null;
    String mems = machine.cpusets() ? text(host.cpusetMems()) : null;
    Long shares = positive(host.cpuShares());
    boolean none =
        shares == null && quota == null && period == null && cpus == null && mems == null;
    return none ? null : new Cpu(shares, quota, period, cpus, mems);
  }

  private static @Nullable Pids pids(HostConfig host) {
    Long asked = host.pidsLimit();
    if (asked == null || asked == 0) {
      return new Pids(DEFAULT_PIDS);
    }
    return new Pids(asked);
  }

  private static @Nullable Long positive(long value) {
    return value > 0 ? value : null;
  }

  private static @Nullable String text(@Nullable String value) {
    return value == null || value.isEmpty() ? null : value;
  }
}
