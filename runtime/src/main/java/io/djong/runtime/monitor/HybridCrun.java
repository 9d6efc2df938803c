package io.djong.runtime.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Lets crun work where control groups are hybrid: it refuses every container as soon as the
/// unified hierarchy has a controller beside those of version 1. It is run in a mount namespace of
/// its own in which that hierarchy is not mounted; the machine's own mounts stay as they are.
public final class HybridCrun {
  private static final Path UNIFIED = Path.of("/sys/fs/cgroup/unified");

  private HybridCrun() {}

  /// The program to call instead of this runtime: itself, unless it is crun and this machine is
  /// hybrid.
  ///
  /// @param folder where the program is put if one is needed; made if missing
  public static Path wrap(Path runtime, Path folder) throws IOException {
    Path controllers = UNIFIED.resolve("cgroup.controllers");
    if (!runtime.endsWith("crun")
        || !Files.exists(controllers)
        || Files.readString(controllers).isBlank()) {
      return runtime;
    }
    Files.createDirectories(folder);
    Path script = folder.resolve("crun");
    Path fresh = folder.resolve("crun.new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(fresh, script(runtime));
    // A container of an earlier daemon may be ending through the old one.
    return Files.move(fresh, script, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String script(Path runtime) {
    return """
        #!/bin/sh
        exec unshare --mount --propagation private /bin/sh -c \\
          'umount -l %s; runtime=$1; shift; exec "$runtime" "$@"' crun '%s' "$@"
        """
        .formatted(UNIFIED, runtime);
  }
}
