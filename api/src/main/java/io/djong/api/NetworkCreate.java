package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A network that is asked for (`POST /networks/create`).
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record NetworkCreate(
    @Property("Name") String name,
    @Property("Driver") @Nullable String driver,
    @Property("Scope") @Nullable String scope,
    @Property("Internal") boolean internal,
    @Property("Attachable") boolean attachable,
    @Property("Ingress") boolean ingress,
    boolean configOnly,
    @Nullable Map<String, Object> configFrom,
    @Property("IPAM") @Nullable Ipam ipam,
    @Property("EnableIPv4") @Nullable Boolean enableIpv4,
    @Property("EnableIPv6") @Nullable Boolean enableIpv6,
    @Property("Options") @Nullable Map<String, String> options,
    @Property("Labels") @Nullable Map<String, String> labels) {

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public NetworkCreate {
    name = name == null ? "" : name;
  }

  /// Its addresses.
  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record Ipam(
      @Property("Driver") @Nullable String driver,
      @Property("Options") @Nullable Map<String, String> options,
      @Property("Config") @Nullable List<Pool> config) {}

  /// One range of them.
  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record Pool(
      @Property("Subnet") @Nullable String subnet,
      @Property("IPRange") @Nullable String ipRange,
      @Property("Gateway") @Nullable String gateway,
      @Nullable Map<String, String> auxiliaryAddresses) {}
}
