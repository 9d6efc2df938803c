package io.djong.runtime.monitor;

import io.djong.linux.Cgroup;
import io.djong.linux.ProcessStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the next daemon must know of a container: which processes are its monitor and its first
/// process (numbers are reused, so each with its start time), and its control groups. It lives as
/// long as the processes: it is written whole or not at all, and not made safe against a power cut,
/// which ends them.
record MonitorRecord(
    String boot, int monitor, long monitorStart, int pid, long pidStart, List<Path> cgroups) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  static MonitorRecord of(int monitor, int pid, Cgroup cgroup) throws IOException {
    return new MonitorRecord(
        Files.readString(BOOT).strip(), monitor, start(monitor), pid, start(pid), cgroup.folders());
  }

  private static long start(int pid) throws IOException {
    return ProcessStatus.of(pid).map(ProcessStatus::startTime).orElse(-1L);
  }

  void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(boot);
    lines.add(monitor + " " + monitorStart);
    lines.add(pid + " " + pidStart);
    cgroups.forEach(path -> lines.add(path.toString()));
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    Files.write(temporary, lines);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  static Optional<MonitorRecord> read(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    String[] monitor = lines.get(1).split(" ", 2);
    String[] pid = lines.get(2).split(" ", 2);
    return Optional.of(
        new MonitorRecord(
            lines.getFirst(),
            Integer.parseInt(monitor[0]),
            Long.parseLong(monitor[1]),
            Integer.parseInt(pid[0]),
            Long.parseLong(pid[1]),
            lines.subList(3, lines.size()).stream().map(Path::of).toList()));
  }

  /// Whether the machine has not been started anew since.
  boolean sameBoot() throws IOException {
    return boot.equals(Files.readString(BOOT).strip());
  }

  boolean monitorAlive() throws IOException {
    return sameBoot() && alive(monitor, monitorStart);
  }

  boolean processAlive() throws IOException {
    return sameBoot() && alive(pid, pidStart);
  }

  static boolean alive(int pid, long start) throws IOException {
    Optional<ProcessStatus> status = ProcessStatus.of(pid);
    return status.isPresent() && status.get().alive() && status.get().startTime() == start;
  }
}
