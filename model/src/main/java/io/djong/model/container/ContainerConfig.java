package io.djong.model.container;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import io.djong.model.RunConfig.Healthcheck;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What runs in a container (Docker Engine API, `ContainerConfig`). `image` is the name the user
/// gave.
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record ContainerConfig(
    @Property("Hostname") @Nullable String hostname,
    @Property("Domainname") @Nullable String domainname,
    @Property("User") @Nullable String user,
    boolean attachStdin,
    boolean attachStdout,
    boolean attachStderr,
    Map<String, Object> exposedPorts,
    @Property("Tty") boolean tty,
    boolean openStdin,
    boolean stdinOnce,
    @Property("Env") List<String> env,
    @Property("Cmd") @Nullable List<String> cmd,
    @Property("Healthcheck") @Nullable Healthcheck healthcheck,
    boolean argsEscaped,
    @Property("Image") String image,
    @Property("Volumes") Map<String, Object> volumes,
    @Nullable String workingDir,
    @Property("Entrypoint") @Nullable List<String> entrypoint,
    boolean networkDisabled,
    @Nullable String macAddress,
    @Nullable List<String> onBuild,
    @Property("Labels") Map<String, String> labels,
    @Nullable String stopSignal,
    @Nullable Integer stopTimeout,
    @Property("Shell") @Nullable List<String> shell) {

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public ContainerConfig {
    exposedPorts = exposedPorts == null ? Map.of() : exposedPorts;
    env = env == null ? List.of() : env;
    image = image == null ? "" : image;
    volumes = volumes == null ? Map.of() : volumes;
    labels = labels == null ? Map.of() : labels;
  }
}
