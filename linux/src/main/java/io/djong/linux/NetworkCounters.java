package io.djong.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a network interface has carried (proc(5), `/proc/PID/net/dev`).
public record NetworkCounters(
    long receivedBytes,
    long receivedPackets,
    long receiveErrors,
    long receiveDrops,
    long sentBytes,
    long sentPackets,
    long sendErrors,
    long sendDrops) {

  /// The interfaces of a process's network namespace but the loopback, by name; empty if the
  /// process is gone.
  public static Map<String, NetworkCounters> of(int pid) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of("/proc", Integer.toString(pid), "net/dev"));
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (IOException e) {
      if (Files.notExists(Path.of("/proc", Integer.toString(pid)))) {
        return Map.of();
      }
      throw e;
    }
    Map<String, NetworkCounters> all = new TreeMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? "lo" : line.substring(0, colon).strip();
      if (!name.equals("lo")) {
        String[] n = line.substring(colon + 1).strip().split("\\s+", -1);
        all.put(
            name,
            new NetworkCounters(
                Long.parseLong(n[0]),
                Long.parseLong(n[1]),
                Long.parseLong(n[2]),
                Long.parseLong(n[3]),
                Long.parseLong(n[8]),
                Long.parseLong(n[9]),
                Long.parseLong(n[10]),
                Long.parseLong(n[11])));
      }
    }
    return all;
  }
}
