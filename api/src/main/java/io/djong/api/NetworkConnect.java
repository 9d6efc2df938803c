package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import io.djong.model.container.NetworkingConfig.EndpointConfig;
import org.jspecify.annotations.Nullable;

/// Which container to take into a network, or out of it (`POST /networks/{id}/connect`,
/// `…/disconnect`).
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record NetworkConnect(
    @Property("Container") String container,
    @Nullable EndpointConfig endpointConfig,
    @Property("Force") boolean force) {
  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public NetworkConnect {
    container = container == null ? "" : container;
  }
}
