package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One line of a list of containers (`GET /containers/json`). `created` is in seconds since 1970;
/// the sizes are in bytes and null unless asked for.
@Json(naming = Json.Naming.UpperCamel)
public record ContainerSummary(
    @Property("Id") String id,
    @Property("Names") List<String> names,
    @Property("Image") String image,
    @Property("ImageID") String imageId,
    @Property("Command") String command,
    @Property("Created") long created,
    @Property("Ports") List<Port> ports,
    @Nullable Long sizeRw,
    @Nullable Long sizeRootFs,
    @Property("Labels") Map<String, String> labels,
    @Property("State") String state,
    @Property("Status") String status,
    Host hostConfig,
    Networks networkSettings,
    @Property("Mounts") List<ContainerInspect.Mount> mounts) {

  /// A port of the container; `ip` and `publicPort` are null unless it is published.
  @Json(naming = Json.Naming.UpperCamel)
  public record Port(
      @Property("IP") @Nullable String ip,
      int privatePort,
      @Nullable Integer publicPort,
      @Property("Type") String type) {}

  /// What a list tells of the host's side.
  @Json(naming = Json.Naming.UpperCamel)
  public record Host(
      String networkMode, @Property("Annotations") @Nullable Map<String, String> annotations) {}

  /// What a list tells of networks.
  @Json(naming = Json.Naming.UpperCamel)
  public record Networks(@Property("Networks") Map<String, EndpointSettings> networks) {}
}
