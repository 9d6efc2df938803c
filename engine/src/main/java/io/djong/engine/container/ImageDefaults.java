package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.RunConfig;
import io.djong.model.RunConfig.Healthcheck;
import io.djong.model.container.ContainerConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Completes what a user asked for with what the image says. Pure.
final class ImageDefaults {
  private ImageDefaults() {}

  /// @param hostname for a container that was not given one; null leaves it empty
  /// @throws Fault.Invalid if neither says what to run
  static ContainerConfig merge(ContainerConfig asked, RunConfig image, @Nullable String hostname) {
    boolean ownEntrypoint = asked.entrypoint() != null && !asked.entrypoint().isEmpty();
    List<String> cmd = asked.cmd();
    List<String> entrypoint = asked.entrypoint();
    boolean escaped = asked.argsEscaped();
    if (!ownEntrypoint) {
      // An entrypoint of the user's own makes the image's command meaningless.
      boolean emptied = entrypoint != null && entrypoint.isEmpty() && hasCommand(cmd);
      if (!hasCommand(cmd)) {
        cmd = image.cmd();
        escaped = image.argsEscaped();
      }
      entrypoint = emptied ? null : image.entrypoint();
    } else if (entrypoint != null && entrypoint.size() == 1 && entrypoint.getFirst().isEmpty()) {
      // The one empty string is how clients say "none at all".
      entrypoint = null;
    }
    if (!hasCommand(cmd) && !hasCommand(entrypoint)) {
      throw new Fault.Invalid("no command specified");
    }
    String workingDir = first(asked.workingDir(), image.workingDir());
    return new ContainerConfig(
        first(asked.hostname(), hostname),
        asked.domainname() == null ? "" : asked.domainname(),
        first(asked.user(), image.user()),
        asked.attachStdin(),
        asked.attachStdout(),
        asked.attachStderr(),
        both(image.exposedPorts(), asked.exposedPorts()),
        asked.tty(),
        asked.openStdin(),
        asked.stdinOnce(),
        Environment.completed(asked.env(), image.env()),
        cmd,
        health(asked.healthcheck(), image.healthcheck()),
        escaped,
        asked.image(),
        both(image.volumes(), asked.volumes()),
        workingDir.isEmpty() ? "" : normal(workingDir),
        entrypoint,
        asked.networkDisabled(),
        asked.macAddress(),
        image.onBuild(),
        both(image.labels(), asked.labels()),
        first(asked.stopSignal(), image.stopSignal()),
        asked.stopTimeout() == null ? image.stopTimeout() : asked.stopTimeout(),
        asked.shell() == null || asked.shell().isEmpty() ? image.shell() : asked.shell());
  }

  /// The whole command line of a merged configuration.
  static List<String> commandLine(ContainerConfig config) {
    List<String> all = new java.util.ArrayList<>();
    if (config.entrypoint() != null) {
      all.addAll(config.entrypoint());
    }
    if (config.cmd() != null) {
      all.addAll(config.cmd());
    }
    return List.copyOf(all);
  }

  private static boolean hasCommand(@Nullable List<String> words) {
    return words != null && !words.isEmpty();
  }

  private static String first(@Nullable String own, @Nullable String fallback) {
    if (own != null && !own.isEmpty()) {
      return own;
    }
    return fallback == null ? "" : fallback;
  }

  private static <V> Map<String, V> both(Map<String, V> below, Map<String, V> above) {
    Map<String, V> all = new LinkedHashMap<>(below);
    all.putAll(above);
    return all;
  }

  private static @Nullable Healthcheck health(
      @Nullable Healthcheck asked, @Nullable Healthcheck image) {
    if (asked == null) {
      return image;
    }
    if (image == null) {
      return asked;
    }
    List<String> test = asked.test();
    return new Healthcheck(
        test == null || test.isEmpty() ? image.test() : test,
        orElse(asked.interval(), image.interval()),
        orElse(asked.timeout(), image.timeout()),
        orElse(asked.startPeriod(), image.startPeriod()),
        orElse(asked.startInterval(), image.startInterval()),
        asked.retries() == null || asked.retries() == 0 ? image.retries() : asked.retries());
  }

  private static @Nullable Long orElse(@Nullable Long own, @Nullable Long fallback) {
    return own == null || own == 0 ? fallback : own;
  }

  private static String normal(String path) {
    String normal = java.nio.file.Path.of(path).normalize().toString();
    return normal.isEmpty() ? "/" : normal;
  }
}
