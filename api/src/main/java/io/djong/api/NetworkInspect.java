package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One network (`GET /networks`, `GET /networks/{id}`).
@Json(naming = Json.Naming.UpperCamel)
public record NetworkInspect(
    String name,
    String id,
    String created,
    String scope,
    String driver,
    @Property("EnableIPv4") boolean enableIpv4,
    @Property("EnableIPv6") boolean enableIpv6,
    @Property("IPAM") Ipam ipam,
    boolean internal,
    boolean attachable,
    boolean ingress,
    Map<String, String> configFrom,
    boolean configOnly,
    Map<String, Member> containers,
    Map<String, String> options,
    Map<String, String> labels) {

  /// Its addresses.
  @Json(naming = Json.Naming.UpperCamel)
  public record Ipam(
      String driver, @Nullable Map<String, String> options, @Nullable List<Pool> config) {}

  /// One range of them.
  @Json(naming = Json.Naming.UpperCamel)
  public record Pool(String subnet, @Nullable String gateway) {}

  /// A container in it; addresses carry the prefix of their subnet.
  @Json(naming = Json.Naming.UpperCamel)
  public record Member(
      String name,
      @Property("EndpointID") String endpointId,
      String macAddress,
      @Property("IPv4Address") String ipv4Address,
      @Property("IPv6Address") String ipv6Address) {}
}
