package io.djong.engine.container;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What this machine lets containers have. Read once, when the engine opens.
///
/// @param bounding capabilities that a container can get, names with `CAP_`
/// @param hardLimits by `RLIMIT_` name; absent is unlimited
/// @param oomScoreAdj the least that a container can get
/// @param ioWeights whether block I/O can be shared out by weight
/// @param cpusets whether a container can be kept to some processors and memory nodes
/// @param architecture as Docker names it
/// @param bootId changes with every boot
public record Machine(
    boolean cgroup2,
    Set<String> bounding,
    Map<String, BigInteger> hardLimits,
    boolean mayRaiseLimits,
    int oomScoreAdj,
    List<String> thermalPaths,
    boolean swapLimits,
    int cpus,
    String bootId,
    boolean ioWeights,
    boolean cpusets,
    int memoryNodes,
    String architecture,
    String kernel) {

  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  /// Every capability in the order of its number.
  static final List<String> CAPABILITIES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_DAC_READ_SEARCH",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETPCAP",
          "CAP_LINUX_IMMUTABLE",
          "CAP_NET_BIND_SERVICE",
          "CAP_NET_BROADCAST",
          "CAP_NET_ADMIN",
          "CAP_NET_RAW",
          "CAP_IPC_LOCK",
          "CAP_IPC_OWNER",
          "CAP_SYS_MODULE",
          "CAP_SYS_RAWIO",
          "CAP_SYS_CHROOT",
          "CAP_SYS_PTRACE",
          "CAP_SYS_PACCT",
          "CAP_SYS_ADMIN",
          "CAP_SYS_BOOT",
          "CAP_SYS_NICE",
          "CAP_SYS_RESOURCE",
          "CAP_SYS_TIME",
          "CAP_SYS_TTY_CONFIG",
          "CAP_MKNOD",
          "CAP_LEASE",
          "CAP_AUDIT_WRITE",
          "CAP_AUDIT_CONTROL",
          "CAP_SETFCAP",
          "CAP_MAC_OVERRIDE",
          "CAP_MAC_ADMIN",
          "CAP_SYSLOG",
          "CAP_WAKE_ALARM",
          "CAP_BLOCK_SUSPEND",
          "CAP_AUDIT_READ",
          "CAP_PERFMON",
          "CAP_BPF",
          "CAP_CHECKPOINT_RESTORE");

  private static final Map<String, String> LIMITS =
      Map.ofEntries(
          Map.entry("Max cpu time", "RLIMIT_CPU"),
          Map.entry("Max file size", "RLIMIT_FSIZE"),
          Map.entry("Max data size", "RLIMIT_DATA"),
          Map.entry("Max stack size", "RLIMIT_STACK"),
          Map.entry("Max core file size", "RLIMIT_CORE"),
          Map.entry("Max resident set", "RLIMIT_RSS"),
          Map.entry("Max processes", "RLIMIT_NPROC"),
          Map.entry("Max open files", "RLIMIT_NOFILE"),
          Map.entry("Max locked memory", "RLIMIT_MEMLOCK"),
          Map.entry("Max file locks", "RLIMIT_LOCKS"),
          Map.entry("Max pending signals", "RLIMIT_SIGPENDING"),
          Map.entry("Max msgqueue size", "RLIMIT_MSGQUEUE"),
          Map.entry("Max nice priority", "RLIMIT_NICE"),
          Map.entry("Max realtime priority", "RLIMIT_RTPRIO"),
          Map.entry("Max realtime timeout", "RLIMIT_RTTIME"));

  public static Machine read() throws IOException {
    Set<String> bounding = readBounding();
    return new Machine(
        Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")),
        bounding,
        readHardLimits(),
        bounding.contains("CAP_SYS_RESOURCE"),
        bounding.contains("CAP_SYS_RESOURCE")
            ? -1000
            : Integer.parseInt(Files.readString(Path.of("/proc/self/oom_score_adj")).strip()),
        readThermalPaths(),
        Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))
            || Files.exists(Path.of("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes")),
        Runtime.getRuntime().availableProcessors(),
        Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip(),
        hasIoWeights(),
        hasCpusets(),
        countMemoryNodes(),
        System.getProperty("os.arch", "amd64").equals("aarch64") ? "arm64" : "amd64",
        System.getProperty("os.version", "0"));
  }

  private static boolean hasIoWeights() {
    // The root group of version 2 has no weight; that the kernel shares out by cost shows there.
    return Stream.of("io.cost.qos", "blkio/blkio.weight", "blkio/blkio.bfq.weight")
        .anyMatch(name -> Files.exists(CGROUPS.resolve(name)));
  }

  private static boolean hasCpusets() throws IOException {
    Path unified = CGROUPS.resolve("cgroup.controllers");
    return Files.exists(unified)
        ? List.of(Files.readString(unified).strip().split(" ", -1)).contains("cpuset")
        : Files.isDirectory(CGROUPS.resolve("cpuset"));
  }

  private static int countMemoryNodes() throws IOException {
    int nodes = 0;
    while (Files.exists(Path.of("/sys/devices/system/node", "node" + nodes))) {
      nodes++;
    }
    return Math.max(1, nodes);
  }

  private static Set<String> readBounding() throws IOException {
    Set<String> all = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("CapBnd:")) {
        long bits = Long.parseUnsignedLong(line.substring(7).strip(), 16);
        for (int i = 0; i < CAPABILITIES.size(); i++) {
          if ((bits >> i & 1) == 1) {
            all.add(CAPABILITIES.get(i));
          }
        }
      }
    }
    return Set.copyOf(all);
  }

  private static Map<String, BigInteger> readHardLimits() throws IOException {
    Map<String, BigInteger> all = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      for (Map.Entry<String, String> limit : LIMITS.entrySet()) {
        if (line.startsWith(limit.getKey())) {
          String[] words = line.substring(limit.getKey().length()).strip().split(" +", -1);
          if (!words[1].equals("unlimited")) {
            all.put(limit.getValue(), new BigInteger(words[1]));
          }
        }
      }
    }
    return Map.copyOf(all);
  }

  private static List<String> readThermalPaths() throws IOException {
    Path cpus = Path.of("/sys/devices/system/cpu");
    if (!Files.isDirectory(cpus)) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    try (Stream<Path> children = Files.list(cpus)) {
      for (Path cpu : children.sorted().toList()) {
        Path throttle = cpu.resolve("thermal_throttle");
        if (Files.isDirectory(throttle)) {
          found.add(throttle.toString());
        }
      }
    }
    return List.copyOf(found);
  }
}
