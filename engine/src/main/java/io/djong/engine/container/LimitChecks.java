package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.container.HostConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Refuses limits that make no sense or that this machine cannot keep, in Docker's words. Pure.
final class LimitChecks {
  private static final long MIN_MEMORY = 6L << 20;

  private LimitChecks() {}

  /// Whether a container may be made with them, or be changed to them later.
  ///
  /// @return warnings
  static List<String> check(HostConfig host, Machine machine) {
    List<String> warnings = new ArrayList<>();
    memory(host, machine, warnings);
    cpu(host, machine, warnings);
    blockIo(host, machine, warnings);
    return warnings;
  }

  private static void memory(HostConfig host, Machine machine, List<String> warnings) {
    long memory = host.memory();
    if (memory != 0 && memory < MIN_MEMORY) {
      throw new Fault.Invalid("Minimum memory limit allowed is 6MB");
    }
    if (memory == 0 && host.memorySwap() > 0) {
      throw new Fault.Invalid(
          "You should always set the Memory limit when using Memoryswap limit, see usage");
    }
    if (memory > 0 && host.memorySwap() > 0 && host.memorySwap() < memory) {
      throw new Fault.Invalid(
          "Minimum memoryswap limit should be larger than memory limit, see usage");
    }
    if (host.memoryReservation() > 0 && host.memoryReservation() < MIN_MEMORY) {
      throw new Fault.Invalid("Minimum memory reservation allowed is 6MB");
    }
    if (Boolean.TRUE.equals(host.oomKillDisable()) && memory == 0) {
      warnings.add(
          "OOM killer is disabled for the container, but no memory limit is set, this can result in"
              + " the system running out of resources.");
    }
    if (memory > 0 && host.memoryReservation() > memory) {
      throw new Fault.Invalid(
          "Minimum memory limit can not be less than memory reservation limit, see usage");
    }
    if (memory > 0 && !machine.swapLimits()) {
      warnings.add(
          "Your kernel does not support swap limit capabilities or the cgroup is not mounted."
              + " Memory limited without swap.");
    }
    Long swappiness = host.memorySwappiness();
    if (swappiness != null && (swappiness < -1 || swappiness > 100)) {
      throw new Fault.Invalid(
          "Invalid value: " + swappiness + ", valid memory swappiness range is 0-100");
    }
    if (machine.cgroup2() && swappiness != null && swappiness >= 0) {
      warnings.add(
          "Your kernel does not support memory swappiness capabilities or the cgroup is not"
              + " mounted. Memory swappiness discarded.");
    }
    if (machine.cgroup2() && Boolean.TRUE.equals(host.oomKillDisable())) {
      warnings.add("Your kernel does not support OomKillDisable. OomKillDisable discarded.");
    }
  }

  private static void cpu(HostConfig host, Machine machine, List<String> warnings) {
    if (host.nanoCpus() > 0 && host.cpuPeriod() > 0) {
      throw new Fault.Invalid("Conflicting options: Nano CPUs and CPU Period cannot both be set");
    }
    if (host.nanoCpus() > 0 && host.cpuQuota() > 0) {
      throw new Fault.Invalid("Conflicting options: Nano CPUs and CPU Quota cannot both be set");
    }
    int cpus = machine.cpus();
    if (host.nanoCpus() < 0 || host.nanoCpus() > cpus * 1_000_000_000L) {
      throw new Fault.Invalid(
          "range of CPUs is from 0.01 to "
              + cpus
              + ".00, as there are only "
              + cpus
              + " CPUs available");
    }
    if (host.cpuShares() < 0) {
      throw new Fault.Invalid(
          "invalid CPU shares (" + host.cpuShares() + "): value must be a positive integer");
    }
    if (host.cpuPeriod() != 0 && (host.cpuPeriod() < 1000 || host.cpuPeriod() > 1_000_000)) {
      throw new Fault.Invalid(
          "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
    }
    if (host.cpuQuota() > 0 && host.cpuQuota() < 1000) {
      throw new Fault.Invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)");
    }
    set("CPUs", "cpus", host.cpusetCpus(), cpus);
    set("memory nodes", "mems", host.cpusetMems(), machine.memoryNodes());
    if (!machine.cpusets() && (isSet(host.cpusetCpus()) || isSet(host.cpusetMems()))) {
      warnings.add(
          "Your kernel does not support cpuset or the cgroup is not mounted. Cpuset discarded.");
    }
  }

  private static boolean isSet(@Nullable String value) {
    return value != null && !value.isEmpty();
  }

  private static void set(String what, String word, @Nullable String asked, int count) {
    if (asked == null || asked.isEmpty()) {
      return;
    }
    for (String part : asked.split(",", -1)) {
      int least = 0;
      for (String bound : part.split("-", 2)) {
        int number = number(bound, word, part, asked);
        if (number < least) {
          throw noSet(word, part, asked, null);
        }
        least = number;
        if (number >= count) {
          throw new Fault.Invalid(
              "Requested "
                  + what
                  + " are not available - requested "
                  + asked
                  + ", available: 0"
                  + (count == 1 ? "" : "-" + (count - 1)));
        }
      }
    }
  }

  private static int number(String text, String word, String part, String whole) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw noSet(word, part, whole, e);
    }
  }

  private static Fault noSet(String word, String part, String whole, @Nullable Exception cause) {
    String why = "Invalid value " + whole + " for cpuset " + word + ": invalid format: " + part;
    return cause == null ? new Fault.Invalid(why) : new Fault.Invalid(why, cause);
  }

  private static void rates(@Nullable List<HostConfig.DeviceRate> rates) {
    for (HostConfig.DeviceRate rate : rates == null ? List.<HostConfig.DeviceRate>of() : rates) {
      if (rate.rate() < 0) {
        throw new Fault.Invalid("invalid rate of " + rate.path() + ": " + rate.rate());
      }
    }
  }

  private static void blockIo(HostConfig host, Machine machine, List<String> warnings) {
    int weight = host.blkioWeight();
    if (weight < 0) {
      throw new Fault.Invalid("Range of blkio weight is from 10 to 1000");
    }
    rates(host.blkioDeviceReadBps());
    rates(host.blkioDeviceWriteBps());
    rates(host.blkioDeviceReadIOps());
    rates(host.blkioDeviceWriteIOps());
    if (weight != 0 && !machine.ioWeights()) {
      warnings.add(
          "Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight"
              + " discarded.");
    } else if (weight != 0 && (weight < 10 || weight > 1000)) {
      throw new Fault.Invalid("Range of blkio weight is from 10 to 1000");
    }
    List<HostConfig.DeviceWeight> devices = host.blkioWeightDevice();
    if (devices != null && !devices.isEmpty() && !machine.ioWeights()) {
      warnings.add(
          "Your kernel does not support Block I/O weight_device or the cgroup is not mounted."
              + " Weight-device discarded.");
    }
  }
}
