package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the engine is (`GET /version`).
@Json(naming = Json.Naming.UpperCamel)
public record VersionAnswer(
    ProductName platform,
    List<Component> components,
    String version,
    String apiVersion,
    @Property("MinAPIVersion") String minApiVersion,
    String gitCommit,
    String goVersion,
    String os,
    String arch,
    String kernelVersion,
    boolean experimental,
    String buildTime) {

  /// The product's name.
  @Json(naming = Json.Naming.UpperCamel)
  public record ProductName(String name) {}

  /// One program the engine consists of.
  @Json(naming = Json.Naming.UpperCamel)
  public record Component(String name, String version, @Nullable Map<String, String> details) {}
}
