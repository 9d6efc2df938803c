package io.djong.runtime.monitor;

import java.nio.file.Path;
import java.util.List;

/// An OCI runtime and how it is called here.
///
/// @param name what users call it: the name of its file
/// @param program its file, to be shown
/// @param command the words before the runtime's own arguments; the first is a path
public record OciRuntime(String name, Path program, List<String> command) {
  /// Where Debian puts runc.
  public static final OciRuntime RUNC = of(Path.of("/usr/sbin/runc"));

  public OciRuntime {
    command = List.copyOf(command);
  }

  /// A runtime that is called as it is.
  public static OciRuntime of(Path program) {
    return new OciRuntime(nameOf(program), program, List.of(program.toString()));
  }

  static String nameOf(Path program) {
    return String.valueOf(program.getFileName());
  }

  /// How a process that waits for its start at the fifo `exec.fifo` is let go.
  enum Start {
    /// By reading a byte, as `runc start` does.
    READ,
    /// By writing one, as `crun start` does.
    WRITE,
    /// Only by the runtime's own command.
    COMMAND
  }

  Start start() {
    return switch (name) {
      case "runc" -> Start.READ;
      case "crun" -> Start.WRITE;
      default -> Start.COMMAND;
    };
  }
}
