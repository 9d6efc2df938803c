package io.djong.cli.command;

import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The flags that limit what a container uses, of `run`, `create` and `update`.
final class LimitFlags {
  private static final long NANOS_PER_CPU = 1_000_000_000;

  private LimitFlags() {}

  static void declare(Flags flags) {
    flags
        .value("blkio-weight", "", "int", "Block IO (relative weight), between 10 and 1000")
        .value("cpu-period", "", "int", "Limit CPU CFS period")
        .value("cpu-quota", "", "int", "Limit CPU CFS quota")
        .value("cpu-shares", "c", "int", "CPU shares (relative weight)")
        .value("cpus", "", "decimal", "Number of CPUs")
        .value("cpuset-cpus", "", "string", "CPUs in which to allow execution (0-3, 0,1)")
        .value("cpuset-mems", "", "string", "MEMs in which to allow execution (0-3, 0,1)")
        .value("memory", "m", "bytes", "Memory limit")
        .value("memory-reservation", "", "bytes", "Memory soft limit")
        .value(
            "memory-swap",
            "",
            "bytes",
            "Swap limit equal to memory plus swap: '-1' to enable unlimited swap")
        .value("pids-limit", "", "int", "Tune container pids limit (set -1 for unlimited)");
  }

  /// Flags that only a new container has.
  static void declareForNew(Flags flags) {
    declare(flags);
    flags
        .value("blkio-weight-device", "", "list", "Block IO weight (relative device weight)")
        .value("device-read-bps", "", "list", "Limit read rate (bytes per second) from a device")
        .value("device-read-iops", "", "list", "Limit read rate (IO per second) from a device")
        .value("device-write-bps", "", "list", "Limit write rate (bytes per second) to a device")
        .value("device-write-iops", "", "list", "Limit write rate (IO per second) to a device")
        .value("memory-swappiness", "", "int", "Tune container memory swappiness (0 to 100)");
  }

  /// Properties of `HostConfig`: those that something is said about.
  static Map<String, Object> of(Given given) {
    Map<String, Object> limits = new LinkedHashMap<>();
    bytes(given, limits, "Memory", "memory");
    bytes(given, limits, "MemoryReservation", "memory-reservation");
    bytes(given, limits, "MemorySwap", "memory-swap");
    String cpus = given.text("cpus");
    if (cpus != null) {
      try {
        limits.put(
            "NanoCpus",
            new BigDecimal(cpus).multiply(BigDecimal.valueOf(NANOS_PER_CPU)).longValueExact());
      } catch (ArithmeticException | NumberFormatException _) {
        throw Given.invalid("cpus", cpus, "want a number such as 1.5, with at most nine decimals");
      }
    }
    number(given, limits, "BlkioWeight", "blkio-weight");
    number(given, limits, "CpuShares", "cpu-shares");
    number(given, limits, "CpuPeriod", "cpu-period");
    number(given, limits, "CpuQuota", "cpu-quota");
    text(given, limits, "CpusetCpus", "cpuset-cpus");
    text(given, limits, "CpusetMems", "cpuset-mems");
    number(given, limits, "PidsLimit", "pids-limit");
    return limits;
  }

  /// As [#of], with what only a new container has.
  static Map<String, Object> ofNew(Given given) {
    Map<String, Object> limits = of(given);
    number(given, limits, "MemorySwappiness", "memory-swappiness");
    devices(given, limits, "BlkioWeightDevice", "blkio-weight-device", "Weight", false);
    devices(given, limits, "BlkioDeviceReadBps", "device-read-bps", "Rate", true);
    devices(given, limits, "BlkioDeviceWriteBps", "device-write-bps", "Rate", true);
    devices(given, limits, "BlkioDeviceReadIOps", "device-read-iops", "Rate", false);
    devices(given, limits, "BlkioDeviceWriteIOps", "device-write-iops", "Rate", false);
    return limits;
  }

  private static void devices(
      Given given,
      Map<String, Object> limits,
      String property,
      String flag,
      String what,
      boolean size) {
    List<Object> all = new ArrayList<>();
    for (String device : given.all(flag)) {
      int colon = device.lastIndexOf(':');
      if (colon <= 0) {
        throw Given.invalid(flag, device, "want PATH:NUMBER");
      }
      String number = device.substring(colon + 1);
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("Path", device.substring(0, colon));
      try {
        one.put(what, size ? Given.size(flag, number) : Long.parseLong(number));
      } catch (NumberFormatException _) {
        throw Given.invalid(flag, device, "want PATH:NUMBER");
      }
      all.add(one);
    }
    if (!all.isEmpty()) {
      limits.put(property, all);
    }
  }

  private static void bytes(Given given, Map<String, Object> limits, String property, String flag) {
    if (given.has(flag)) {
      limits.put(property, given.bytes(flag));
    }
  }

  private static void number(
      Given given, Map<String, Object> limits, String property, String flag) {
    Integer number = given.number(flag);
    if (number != null) {
      limits.put(property, number);
    }
  }

  private static void text(Given given, Map<String, Object> limits, String property, String flag) {
    String text = given.text(flag);
    if (text != null) {
      limits.put(property, text);
    }
  }
}
