package io.djong.network.bridge;

import io.djong.network.NetworkDriver.Port;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the process that has a port of this host (proc(5): `/proc/net/tcp` and `/proc/PID/fd`).
/// Slow; for error messages.
final class PortOwners {
  private static final String LISTENING = "0A";

  /// `nginx (pid 812)`, or words that say it cannot be known.
  String describe(Port port) throws IOException {
    Set<String> sockets = new HashSet<>();
    for (String suffix : List.of("", "6")) {
      Path table = Path.of("/proc/net/" + port.protocol() + suffix);
      if (Files.exists(table)) {
        collect(table, port, sockets);
      }
    }
    String process = sockets.isEmpty() ? null : process(sockets);
    // A socket that is bound and does not listen is in none of the kernel's tables.
    return process != null ? process : "another program on this host that does not listen yet";
  }

  private static void collect(Path table, Port port, Set<String> sockets) throws IOException {
    String local = String.format(":%04X", port.hostPort());
    for (String line : Files.readAllLines(table)) {
      String[] fields = line.strip().split("\\s+", -1);
      if (fields.length > 9
          && fields[1].endsWith(local)
          && (port.protocol().equals("udp") || fields[3].equals(LISTENING))) {
        sockets.add("socket:[" + fields[9] + "]");
      }
    }
  }

  private static @Nullable String process(Set<String> sockets) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (hasOne(process, sockets)) {
          String name = Files.readString(process.resolve("comm")).strip();
          return name + " (pid " + process.getFileName() + ")";
        }
      }
    }
    return null;
  }

  private static boolean hasOne(Path process, Set<String> sockets) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        if (sockets.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      // It ended meanwhile: then it has nothing.
      return false;
    }
  }
}
