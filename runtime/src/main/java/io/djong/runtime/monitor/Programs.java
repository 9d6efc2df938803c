package io.djong.runtime.monitor;

import io.djong.model.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The programs that make containers.
///
/// @param conmon the monitor, 2.1 or newer
/// @param runtimes at least one; the first is called where nobody names one
public record Programs(Path conmon, List<OciRuntime> runtimes) {
  /// Where Debian puts them.
  public static final Programs DEFAULT =
      new Programs(Path.of("/usr/bin/conmon"), List.of(OciRuntime.RUNC));

  public Programs {
    runtimes = List.copyOf(runtimes);
  }

  OciRuntime standard() {
    return runtimes.getFirst();
  }

  /// @param name empty for the standard
  /// @throws Fault.Invalid if there is none of this name
  OciRuntime named(String name) {
    if (name.isEmpty()) {
      return standard();
    }
    return find(name)
        .orElseThrow(() -> new Fault.Invalid("unknown or invalid runtime name: " + name));
  }

  /// The one that made a container, or the standard if that is not there any more: it cannot do
  /// less for it than none.
  OciRuntime formerly(String name) {
    return find(name).orElse(standard());
  }

  private Optional<OciRuntime> find(String name) {
    return runtimes.stream().filter(runtime -> runtime.name().equals(name)).findFirst();
  }
}
