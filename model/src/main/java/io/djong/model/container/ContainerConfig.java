package io.djong.model.container;

import io.avaje.jsonb.Json;
import io.djong.model.RunConfig.Healthcheck;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What runs in a container (Docker Engine API, `ContainerConfig`). `image` is the name the user
/// gave.
@Json(naming = Json.Naming.UpperCamel)
public record ContainerConfig(
    @Nullable String hostname,
    @Nullable String domainname,
    @Nullable String user,
    boolean attachStdin,
    boolean attachStdout,
    boolean attachStderr,
    Map<String, Object> exposedPorts,
    boolean tty,
    boolean openStdin,
    boolean stdinOnce,
    List<String> env,
    @Nullable List<String> cmd,
    @Nullable Healthcheck healthcheck,
    boolean argsEscaped,
    String image,
    Map<String, Object> volumes,
    @Nullable String workingDir,
    @Nullable List<String> entrypoint,
    boolean networkDisabled,
    @Nullable String macAddress,
    @Nullable List<String> onBuild,
    Map<String, String> labels,
    @Nullable String stopSignal,
    @Nullable Integer stopTimeout,
    @Nullable List<String> shell) {

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public ContainerConfig {
    exposedPorts = exposedPorts == null ? Map.of() : exposedPorts;
    env = env == null ? List.of() : env;
    image = image == null ? "" : image;
    volumes = volumes == null ? Map.of() : volumes;
    labels = labels == null ? Map.of() : labels;
  }
}
