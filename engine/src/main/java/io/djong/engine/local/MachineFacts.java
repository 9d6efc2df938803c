package io.djong.engine.local;

import io.djong.content.RecordStore;
import io.djong.engine.SystemFacts;
import io.djong.engine.container.Machine;
import io.djong.runtime.ContainerRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads what the machine is. Safe for use by several threads.
final class MachineFacts {
  private final EngineParts parts;
  private final Machine machine;
  private volatile ContainerRuntime.@Nullable Version version;

  MachineFacts(EngineParts parts, Machine machine) {
    this.parts = parts;
    this.machine = machine;
  }

  SystemFacts read() throws IOException {
    ContainerRuntime.Version runtime = version;
    if (runtime == null) {
      runtime = parts.runtime().version();
      version = runtime;
    }
    Path init = parts.init();
    return new SystemFacts(
        id(),
        line("/proc/sys/kernel/hostname"),
        line("/proc/sys/kernel/osrelease"),
        release("PRETTY_NAME", "Linux"),
        release("VERSION_ID", ""),
        architecture(),
        machine.cpus(),
        memory(),
        "cgroupfs",
        machine.cgroup2() ? "2" : "1",
        parts.snapshots().name(),
        parts.snapshots().status(),
        parts.dataRoot().toAbsolutePath().toString(),
        runtimes(),
        runtime.name(),
        runtime.version(),
        init == null || init.getFileName() == null ? "" : init.getFileName().toString(),
        security(),
        line("/proc/sys/net/ipv4/ip_forward").equals("1"),
        has("memory"),
        machine.swapLimits(),
        has("cpu"),
        has("pids"),
        warnings());
  }

  private Map<String, String> runtimes() {
    Map<String, String> all = new TreeMap<>();
    parts.runtime().runtimes().forEach((name, program) -> all.put(name, program.toString()));
    return all;
  }

  /// Drawn once for a data root.
  private String id() throws IOException {
    RecordStore records = parts.records();
    byte[] kept = records.get("engine", "id");
    if (kept == null) {
      kept = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
      records.put("engine", "id", kept);
    }
    return new String(kept, StandardCharsets.UTF_8);
  }

  private static String line(String path) throws IOException {
    Path file = Path.of(path);
    return Files.isReadable(file) ? Files.readString(file).strip() : "";
  }

  private static String release(String key, String fallback) throws IOException {
    Path file = Path.of("/etc/os-release");
    if (Files.isReadable(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(key + "=")) {
          return line.substring(key.length() + 1).replace("\"", "");
        }
      }
    }
    return fallback;
  }

  private static String architecture() {
    String arch = System.getProperty("os.arch", "");
    return arch.equals("amd64") ? "x86_64" : arch;
  }

  private static long memory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemTotal:")) {
        return Long.parseLong(line.substring(9).replace("kB", "").strip()) << 10;
      }
    }
    return 0;
  }

  private boolean has(String controller) throws IOException {
    return machine.cgroup2()
        ? List.of(line("/sys/fs/cgroup/cgroup.controllers").split(" ", -1)).contains(controller)
        : Files.isDirectory(Path.of("/sys/fs/cgroup", controller));
  }

  private List<String> security() {
    List<String> all = new ArrayList<>(List.of("name=seccomp,profile=builtin"));
    if (machine.cgroup2()) {
      all.add("name=cgroupns");
    }
    if (parts.remap() != null) {
      all.add("name=userns");
    }
    return List.copyOf(all);
  }

  private List<String> warnings() throws IOException {
    List<String> all = new ArrayList<>();
    if (!has("memory")) {
      all.add("WARNING: No memory limit support");
    }
    if (!machine.swapLimits()) {
      all.add("WARNING: No swap limit support");
    }
    if (!line("/proc/sys/net/ipv4/ip_forward").equals("1")) {
      all.add("WARNING: IPv4 forwarding is disabled");
    }
    return List.copyOf(all);
  }
}
