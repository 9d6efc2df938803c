package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import io.djong.model.RunConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything about one image (`GET /images/{name}/json`). Sizes are in bytes, times RFC 3339.
@Json(naming = Json.Naming.UpperCamel)
public record ImageInspect(
    String id,
    List<String> repoTags,
    List<String> repoDigests,
    String parent,
    String comment,
    String created,
    String dockerVersion,
    String author,
    @Nullable RunConfig config,
    String architecture,
    @Nullable String variant,
    String os,
    @Nullable String osVersion,
    long size,
    @Nullable Long virtualSize,
    ContainerInspect.GraphDriver graphDriver,
    @Property("RootFS") RootFs rootFs,
    Metadata metadata) {

  /// The layers, from the base upwards, by the digests of their tars.
  @Json(naming = Json.Naming.UpperCamel)
  public record RootFs(String type, List<String> layers) {}

  /// What this engine alone knows.
  @Json(naming = Json.Naming.UpperCamel)
  public record Metadata(String lastTagTime) {}
}
