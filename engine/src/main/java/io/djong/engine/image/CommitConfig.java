package io.djong.engine.image;

import io.djong.model.RunConfig;
import io.djong.model.container.ContainerConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The config of an image that is committed from a container: the container's, with what was asked
/// over it. Pure.
final class CommitConfig {
  private CommitConfig() {}

  static RunConfig merge(ContainerConfig container, @Nullable RunConfig override) {
    RunConfig own =
        new RunConfig(
            container.user(),
            container.exposedPorts(),
            container.env(),
            container.entrypoint(),
            container.cmd(),
            container.volumes(),
            container.workingDir(),
            container.labels(),
            container.stopSignal(),
            container.stopTimeout(),
            container.healthcheck(),
            container.argsEscaped(),
            container.onBuild(),
            container.shell());
    return override == null ? own : over(own, override);
  }

  private static RunConfig over(RunConfig below, RunConfig above) {
    List<String> entrypoint = above.entrypoint();
    List<String> cmd = above.cmd();
    List<String> env = new ArrayList<>(below.env());
    for (String variable : above.env()) {
      String name = variable.substring(0, Math.max(0, variable.indexOf('=')) + 1);
      env.removeIf(old -> !name.isEmpty() && old.startsWith(name));
      env.add(variable);
    }
    return new RunConfig(
        text(above.user(), below.user()),
        both(below.exposedPorts(), above.exposedPorts()),
        env,
        entrypoint == null || entrypoint.isEmpty() ? below.entrypoint() : entrypoint,
        cmd == null || cmd.isEmpty() ? below.cmd() : cmd,
        both(below.volumes(), above.volumes()),
        text(above.workingDir(), below.workingDir()),
        both(below.labels(), above.labels()),
        text(above.stopSignal(), below.stopSignal()),
        above.stopTimeout() == null ? below.stopTimeout() : above.stopTimeout(),
        above.healthcheck() == null ? below.healthcheck() : above.healthcheck(),
        below.argsEscaped(),
        above.onBuild() == null ? below.onBuild() : above.onBuild(),
        above.shell() == null ? below.shell() : above.shell());
  }

  static List<String> commandLine(ContainerConfig container) {
    List<String> all = new ArrayList<>();
    if (container.entrypoint() != null) {
      all.addAll(container.entrypoint());
    }
    if (container.cmd() != null) {
      all.addAll(container.cmd());
    }
    return all;
  }

  private static @Nullable String text(@Nullable String above, @Nullable String below) {
    return above == null || above.isEmpty() ? below : above;
  }

  private static <V> Map<String, V> both(Map<String, V> below, Map<String, V> above) {
    Map<String, V> all = new LinkedHashMap<>(below);
    all.putAll(above);
    return all;
  }
}
