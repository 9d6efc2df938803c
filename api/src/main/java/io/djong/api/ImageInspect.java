package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import io.djong.model.RunConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything about one image (`GET /images/{name}/json`). Sizes are in bytes, times RFC 3339.
///
/// @param containerConfig the same as `config`, for clients before 1.45
@Json(naming = Json.Naming.UpperCamel)
public record ImageInspect(
    @Property("Id") String id,
    List<String> repoTags,
    List<String> repoDigests,
    @Property("Parent") String parent,
    @Property("Comment") String comment,
    @Property("Created") String created,
    String dockerVersion,
    @Property("Author") String author,
    @Property("Config") @Nullable RunConfig config,
    @Nullable RunConfig containerConfig,
    @Property("Architecture") String architecture,
    @Property("Variant") @Nullable String variant,
    @Property("Os") String os,
    @Nullable String osVersion,
    @Property("Size") long size,
    @Nullable Long virtualSize,
    ContainerInspect.GraphDriver graphDriver,
    @Property("RootFS") RootFs rootFs,
    @Property("Metadata") Metadata metadata) {

  /// The layers, from the base upwards, by the digests of their tars.
  @Json(naming = Json.Naming.UpperCamel)
  public record RootFs(@Property("Type") String type, @Property("Layers") List<String> layers) {}

  /// What this engine alone knows.
  @Json(naming = Json.Naming.UpperCamel)
  public record Metadata(String lastTagTime) {}
}
