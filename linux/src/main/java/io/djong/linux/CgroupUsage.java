package io.djong.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a control group has used up to now, as the kernel counts it (cgroups(7); Control Group v2,
/// Controllers; cpuacct, memory, pids, blkio of v1). Times are in nanoseconds, sizes in bytes; null
/// is what the kernel does not tell.
///
/// @param memoryFailures how often the limit was reached; in version 2 without a way to free memory
/// @param memoryStats the lines of `memory.stat`
/// @param bytes of block I/O, by device and direction; `operations` counts them
public record CgroupUsage(
    long cpu,
    List<Long> perCpu,
    long userCpu,
    long kernelCpu,
    long periods,
    long throttledPeriods,
    long throttledTime,
    long memory,
    @Nullable Long memoryMax,
    @Nullable Long memoryFailures,
    @Nullable Long memoryLimit,
    Map<String, Long> memoryStats,
    @Nullable Long pids,
    @Nullable Long pidsLimit,
    List<DeviceCount> bytes,
    List<DeviceCount> operations) {

  /// How often, or how many bytes. `direction` is the kernel's word.
  public record DeviceCount(long major, long minor, String direction, long count) {}

  private static final long MICRO = 1000;

  /// `USER_HZ` is 100 on every machine that Linux still runs on.
  private static final long TICK = 10_000_000;

  /// @param folders of a [Cgroup]
  static CgroupUsage of(List<Path> folders) throws IOException {
    // Beside hierarchies of version 1 the unified one has few controllers.
    boolean unified =
        folders.size() == 1 && Files.exists(folders.getFirst().resolve("cgroup.controllers"));
    return unified ? unified(folders.getFirst()) : split(folders);
  }

  private static CgroupUsage unified(Path folder) throws IOException {
    Map<String, Long> cpu = table(folder.resolve("cpu.stat"));
    List<DeviceCount> bytes = new ArrayList<>();
    List<DeviceCount> operations = new ArrayList<>();
    readIo(folder.resolve("io.stat"), bytes, operations);
    return new CgroupUsage(
        cpu.getOrDefault("usage_usec", 0L) * MICRO,
        List.of(),
        cpu.getOrDefault("user_usec", 0L) * MICRO,
        cpu.getOrDefault("system_usec", 0L) * MICRO,
        cpu.getOrDefault("nr_periods", 0L),
        cpu.getOrDefault("nr_throttled", 0L),
        cpu.getOrDefault("throttled_usec", 0L) * MICRO,
        or(number(folder.resolve("memory.current")), 0),
        null,
        table(folder.resolve("memory.events")).get("oom"),
        number(folder.resolve("memory.max")),
        table(folder.resolve("memory.stat")),
        number(folder.resolve("pids.current")),
        number(folder.resolve("pids.max")),
        bytes,
        operations);
  }

  private static CgroupUsage split(List<Path> folders) throws IOException {
    Map<String, Long> ticks = table(find(folders, "cpuacct.stat"));
    Map<String, Long> cpu = table(find(folders, "cpu.stat"));
    List<Long> perCpu = new ArrayList<>();
    for (String word : words(find(folders, "cpuacct.usage_percpu"))) {
      perCpu.add(Long.parseLong(word));
    }
    return new CgroupUsage(
        or(number(find(folders, "cpuacct.usage")), 0),
        perCpu,
        ticks.getOrDefault("user", 0L) * TICK,
        ticks.getOrDefault("system", 0L) * TICK,
        cpu.getOrDefault("nr_periods", 0L),
        cpu.getOrDefault("nr_throttled", 0L),
        cpu.getOrDefault("throttled_time", 0L),
        or(number(find(folders, "memory.usage_in_bytes")), 0),
        number(find(folders, "memory.max_usage_in_bytes")),
        number(find(folders, "memory.failcnt")),
        number(find(folders, "memory.limit_in_bytes")),
        table(find(folders, "memory.stat")),
        number(find(folders, "pids.current")),
        number(find(folders, "pids.max")),
        counts(find(folders, "blkio.throttle.io_service_bytes_recursive")),
        counts(find(folders, "blkio.throttle.io_serviced_recursive")));
  }

  private static long or(@Nullable Long value, long otherwise) {
    return value == null ? otherwise : value;
  }

  private static @Nullable Path find(List<Path> folders, String name) {
    for (Path folder : folders) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        return file;
      }
    }
    return null;
  }

  private static String text(@Nullable Path file) throws IOException {
    String text = file == null ? null : Cgroup.read(file);
    return text == null ? "" : text;
  }

  private static List<String> words(@Nullable Path file) throws IOException {
    String text = text(file).strip();
    return text.isEmpty() ? List.of() : List.of(text.split("\\s+", -1));
  }

  /// @return null if there is no number, as where `max` stands
  private static @Nullable Long number(@Nullable Path file) throws IOException {
    String text = text(file).strip();
    return text.isEmpty() || text.equals("max") ? null : Long.valueOf(Long.parseUnsignedLong(text));
  }

  /// Lines of a word and a number.
  private static Map<String, Long> table(@Nullable Path file) throws IOException {
    Map<String, Long> all = new LinkedHashMap<>();
    for (String line : text(file).lines().toList()) {
      int blank = line.indexOf(' ');
      if (blank > 0) {
        all.put(line.substring(0, blank), Long.parseUnsignedLong(line.substring(blank + 1)));
      }
    }
    return all;
  }

  /// Lines such as `8:0 Read 4096`; the last, `Total`, names no device.
  private static List<DeviceCount> counts(@Nullable Path file) throws IOException {
    List<DeviceCount> all = new ArrayList<>();
    for (String line : text(file).lines().toList()) {
      String[] fields = line.split(" ", 3);
      int colon = fields[0].indexOf(':');
      if (colon > 0 && fields.length == 3) {
        all.add(
            new DeviceCount(
                Long.parseLong(fields[0].substring(0, colon)),
                Long.parseLong(fields[0].substring(colon + 1)),
                fields[1],
                Long.parseLong(fields[2])));
      }
    }
    return all;
  }

  /// Lines such as `8:0 rbytes=4096 wbytes=0 rios=1 wios=0 …`.
  private static void readIo(Path file, List<DeviceCount> bytes, List<DeviceCount> operations)
      throws IOException {
    for (String line : text(file).lines().toList()) {
      String[] fields = line.split(" ", -1);
      int colon = fields[0].indexOf(':');
      if (colon <= 0) {
        continue;
      }
      long major = Long.parseLong(fields[0].substring(0, colon));
      long minor = Long.parseLong(fields[0].substring(colon + 1));
      for (String field : fields) {
        int equals = field.indexOf('=');
        String name = equals < 0 ? "" : field.substring(0, equals);
        String direction = name.startsWith("r") ? "read" : "write";
        if (name.equals("rbytes") || name.equals("wbytes")) {
          bytes.add(new DeviceCount(major, minor, direction, count(field, equals)));
        } else if (name.equals("rios") || name.equals("wios")) {
          operations.add(new DeviceCount(major, minor, direction, count(field, equals)));
        }
      }
    }
  }

  private static long count(String field, int equals) {
    return Long.parseLong(field.substring(equals + 1));
  }
}
