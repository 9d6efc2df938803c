package io.djong.model.container;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which networks a container joins, by name, and how (Docker Engine API, `NetworkingConfig`).
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record NetworkingConfig(Map<String, EndpointConfig> endpointsConfig) {
  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public NetworkingConfig {
    endpointsConfig = endpointsConfig == null ? Map.of() : endpointsConfig;
  }

  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record EndpointConfig(
      @Property("IPAMConfig") @Nullable Addresses ipamConfig,
      @Property("Links") @Nullable List<String> links,
      @Property("Aliases") @Nullable List<String> aliases,
      @Nullable String macAddress,
      @Nullable Map<String, String> driverOpts,
      int gwPriority) {}

  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record Addresses(
      @Property("IPv4Address") @Nullable String ipv4Address,
      @Property("IPv6Address") @Nullable String ipv6Address,
      @Property("LinkLocalIPs") @Nullable List<String> linkLocalIps) {}
}
