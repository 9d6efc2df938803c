package io.djong.model.container;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which networks a container joins, by name, and how (Docker Engine API, `NetworkingConfig`).
///
/// @param settled djong's own, in records alone: whether these are all networks it is in. Else the
///   one of the network mode is meant as well
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record NetworkingConfig(Map<String, EndpointConfig> endpointsConfig, boolean settled) {
  public NetworkingConfig(Map<String, EndpointConfig> endpointsConfig) {
    this(endpointsConfig, false);
  }

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
