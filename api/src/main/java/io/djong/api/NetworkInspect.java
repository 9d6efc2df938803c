package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One network (`GET /networks`, `GET /networks/{id}`).
@Json(naming = Json.Naming.UpperCamel)
public record NetworkInspect(
    @Property("Name") String name,
    @Property("Id") String id,
    @Property("Created") String created,
    @Property("Scope") String scope,
    @Property("Driver") String driver,
    @Property("EnableIPv4") boolean enableIpv4,
    @Property("EnableIPv6") boolean enableIpv6,
    @Property("IPAM") Ipam ipam,
    @Property("Internal") boolean internal,
    @Property("Attachable") boolean attachable,
    @Property("Ingress") boolean ingress,
    Map<String, String> configFrom,
    boolean configOnly,
    @Property("Containers") Map<String, Member> containers,
    @Property("Options") Map<String, String> options,
    @Property("Labels") Map<String, String> labels) {

  /// Its addresses.
  @Json(naming = Json.Naming.UpperCamel)
  public record Ipam(
      @Property("Driver") String driver,
      @Property("Options") @Nullable Map<String, String> options,
      @Property("Config") @Nullable List<Pool> config) {}

  /// One range of them.
  @Json(naming = Json.Naming.UpperCamel)
  public record Pool(
      @Property("Subnet") String subnet,
      @Property("IPRange") @Nullable String ipRange,
      @Property("Gateway") @Nullable String gateway,
      @Nullable Map<String, String> auxiliaryAddresses) {}

  /// A container in it; addresses carry the prefix of their subnet.
  @Json(naming = Json.Naming.UpperCamel)
  public record Member(
      @Property("Name") String name,
      @Property("EndpointID") String endpointId,
      String macAddress,
      @Property("IPv4Address") String ipv4Address,
      @Property("IPv6Address") String ipv6Address) {}
}
