package io.djong.engine.container;

import io.djong.engine.ContainerUsage;
import io.djong.linux.CgroupUsage;
import io.djong.linux.NetworkCounters;
import io.djong.runtime.ContainerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Reads what running containers use. Takes no lock.
final class UsageReader {
  /// `USER_HZ` is 100 on every machine that Linux still runs on.
  private static final long TICK = 10_000_000;

  private final InstantSource clock;
  private final Machine machine;

  UsageReader(InstantSource clock, Machine machine) {
    this.clock = clock;
    this.machine = machine;
  }

  ContainerUsage of(Container container) throws IOException {
    ContainerProcess process = container.process();
    boolean runs = container.isRunning() && process != null;
    return new ContainerUsage(
        container.id(),
        container.name(),
        clock.instant(),
        runs && process != null ? counted(container, process) : null);
  }

  private ContainerUsage.Counted counted(Container container, ContainerProcess process)
      throws IOException {
    CgroupUsage group = process.usage();
    long memory = memory();
    Long limit = group.memoryLimit();
    boolean own = !container.record().host().networkMode().equals("host");
    return new ContainerUsage.Counted(
        group,
        systemCpu(),
        machine.cpus(),
        limit == null || limit <= 0 || limit > memory ? memory : limit,
        own ? NetworkCounters.of(process.pid()) : Map.of());
  }

  /// As Docker counts: user, nice, system, idle, iowait, irq, softirq.
  private static long systemCpu() throws IOException {
    String first = line(Path.of("/proc/stat"), "cpu ");
    String[] fields = first.strip().split("\\s+", -1);
    long ticks = 0;
    for (String field : List.of(fields).subList(0, Math.min(7, fields.length))) {
      ticks += Long.parseLong(field);
    }
    return ticks * TICK;
  }

  private static long memory() throws IOException {
    String line = line(Path.of("/proc/meminfo"), "MemTotal:");
    return Long.parseLong(line.strip().split(" ", 2)[0]) << 10;
  }

  private static String line(Path file, String start) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(start)) {
        return line.substring(start.length());
      }
    }
    throw new IOException("no line of " + file + " begins with " + start);
  }
}
