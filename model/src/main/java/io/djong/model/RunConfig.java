package io.djong.model;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a process is run by default: the `config` object of an image (OCI image specification, Image
/// Configuration, with Docker's extensions). Where it tells "not said" from "empty", a property may
/// be null: `cmd`, `entrypoint`, `shell`.
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record RunConfig(
    @Property("User") @Nullable String user,
    Map<String, Object> exposedPorts,
    @Property("Env") List<String> env,
    @Property("Entrypoint") @Nullable List<String> entrypoint,
    @Property("Cmd") @Nullable List<String> cmd,
    @Property("Volumes") Map<String, Object> volumes,
    @Nullable String workingDir,
    @Property("Labels") Map<String, String> labels,
    @Nullable String stopSignal,
    @Nullable Integer stopTimeout,
    @Property("Healthcheck") @Nullable Healthcheck healthcheck,
    boolean argsEscaped,
    @Nullable List<String> onBuild,
    @Property("Shell") @Nullable List<String> shell) {

  public static final RunConfig EMPTY =
      new RunConfig(
          null, Map.of(), List.of(), null, null, Map.of(), null, Map.of(), null, null, null, false,
          null, null);

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public RunConfig {
    exposedPorts = exposedPorts == null ? Map.of() : exposedPorts;
    env = env == null ? List.of() : List.copyOf(env);
    entrypoint = entrypoint == null ? null : List.copyOf(entrypoint);
    cmd = cmd == null ? null : List.copyOf(cmd);
    volumes = volumes == null ? Map.of() : volumes;
    labels = labels == null ? Map.of() : Map.copyOf(labels);
  }

  /// The same with other labels.
  public RunConfig withLabels(Map<String, String> others) {
    return new RunConfig(
        user,
        exposedPorts,
        env,
        entrypoint,
        cmd,
        volumes,
        workingDir,
        others,
        stopSignal,
        stopTimeout,
        healthcheck,
        argsEscaped,
        onBuild,
        shell);
  }

  /// Docker's health check; times are in nanoseconds, 0 means inherited.
  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record Healthcheck(
      @Property("Test") @Nullable List<String> test,
      @Property("Interval") @Nullable Long interval,
      @Property("Timeout") @Nullable Long timeout,
      @Nullable Long startPeriod,
      @Nullable Long startInterval,
      @Property("Retries") @Nullable Integer retries) {}
}
