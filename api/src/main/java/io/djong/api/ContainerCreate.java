package io.djong.api;

import io.avaje.jsonb.Json;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import org.jspecify.annotations.Nullable;

/// What a container shall be (`POST /containers/create`): on the wire the properties of `config`
/// and beside them `HostConfig` and `NetworkingConfig`.
public record ContainerCreate(
    ContainerConfig config,
    @Nullable HostConfig hostConfig,
    @Nullable NetworkingConfig networkingConfig) {

  /// The two that stand beside the configuration's own properties.
  @Json(naming = Json.Naming.UpperCamel)
  record Beside(@Nullable HostConfig hostConfig, @Nullable NetworkingConfig networkingConfig) {}

  /// Reads a request's body.
  ///
  /// @throws io.djong.model.Fault.Invalid if it is not one
  public static ContainerCreate read(byte[] json) {
    ContainerConfig config = io.djong.model.json.Json.full().read(ContainerConfig.class, json);
    Beside beside = io.djong.model.json.Json.full().read(Beside.class, json);
    return new ContainerCreate(config, beside.hostConfig(), beside.networkingConfig());
  }

  /// Writes a request's body.
  public byte[] write() {
    String own = io.djong.model.json.Json.lean().writeText(config);
    String others =
        io.djong.model.json.Json.lean().writeText(new Beside(hostConfig, networkingConfig));
    String body =
        own.equals("{}")
            ? others
            : others.equals("{}")
                ? own
                : own.substring(0, own.length() - 1) + "," + others.substring(1);
    return body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
