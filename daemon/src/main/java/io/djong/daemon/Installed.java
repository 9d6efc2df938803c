package io.djong.daemon;

import io.djong.model.Fault;
import io.djong.runtime.monitor.Crun;
import io.djong.runtime.monitor.OciRuntime;
import io.djong.runtime.monitor.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The programs of this machine that the daemon calls.
final class Installed {
  private static final List<String> FOLDERS =
      List.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin");
  private static final List<String> INITS = List.of("tini-static", "tini", "catatonit");

  /// Preferred first: crun takes half of the time and a tenth of the memory.
  private static final List<String> RUNTIMES = List.of("crun", "runc");

  private Installed() {}

  /// What containers need. The runtime asked for, or else the best one, is the standard; users may
  /// name the others that are here.
  ///
  /// @param asked a name or a path
  /// @param closing gets what must stay open as long as containers are made
  /// @throws Fault.Unavailable if one is missing
  static Programs forContainers(@Nullable String asked, Closing closing) throws IOException {
    List<Path> found = new ArrayList<>();
    if (asked != null) {
      found.add(program(asked, asked));
    }
    for (String name : RUNTIMES) {
      Path path = find(name);
      if (path != null && found.stream().noneMatch(other -> other.endsWith(name))) {
        found.add(path);
      }
    }
    if (found.isEmpty()) {
      found.add(program(RUNTIMES.getFirst(), RUNTIMES.getFirst()));
    }
    List<OciRuntime> runtimes = new ArrayList<>();
    for (Path path : found) {
      runtimes.add(
          path.endsWith("crun") ? closing.add(Crun.of(path)).runtime() : OciRuntime.of(path));
    }
    return new Programs(program("conmon", "conmon"), runtimes);
  }

  /// The program that may be the first process of a container, if there is one.
  static @Nullable Path init() {
    for (String name : INITS) {
      Path found = find(name);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /// @param name a name, or a path that begins with a slash
  /// @throws Fault.Unavailable if it is missing
  static Path program(String name, String debianPackage) {
    Path found = name.startsWith("/") ? Path.of(name) : find(name);
    if (found == null || !Files.isExecutable(found)) {
      throw new Fault.Unavailable(
          "the program " + name + " is not installed: apt-get install " + debianPackage);
    }
    return found;
  }

  private static @Nullable Path find(String name) {
    for (String folder : FOLDERS) {
      Path candidate = Path.of(folder, name);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }
}
