package io.djong.api;

import io.avaje.jsonb.Json;
import io.djong.model.Fault;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a container shall be (`POST /containers/create`): on the wire the properties of `config`
/// and beside them `HostConfig` and `NetworkingConfig`.
public record ContainerCreate(
    ContainerConfig config,
    @Nullable HostConfig hostConfig,
    @Nullable NetworkingConfig networkingConfig) {

  /// The two that stand beside the configuration's own properties.
  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  record Beside(@Nullable HostConfig hostConfig, @Nullable NetworkingConfig networkingConfig) {}

  /// Reads a request's body.
  ///
  /// @throws io.djong.model.Fault.Invalid if it is not one
  public static ContainerCreate read(byte[] body) {
    byte[] json = withLists(body);
    ContainerConfig config = io.djong.model.json.Json.full().read(ContainerConfig.class, json);
    Beside beside = io.djong.model.json.Json.full().read(Beside.class, json);
    return new ContainerCreate(config, beside.hostConfig(), beside.networkingConfig());
  }

  /// A command may also be one text, which is one word of it.
  private static byte[] withLists(byte[] body) {
    if (!(io.djong.model.json.Json.full().readTree(body) instanceof Map<?, ?> properties)) {
      throw new Fault.Invalid("invalid JSON: want an object");
    }
    if (properties.isEmpty()) {
      throw new Fault.Invalid("config cannot be empty in order to create a container");
    }
    if (!(properties.get("Cmd") instanceof String)
        && !(properties.get("Entrypoint") instanceof String)) {
      return body;
    }
    Map<String, @Nullable Object> changed = new LinkedHashMap<>();
    properties.forEach(
        (name, value) -> {
          boolean command = name.equals("Cmd") || name.equals("Entrypoint");
          changed.put(
              (String) name, command && value instanceof String word ? List.of(word) : value);
        });
    return io.djong.model.json.Json.full().write(changed);
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
