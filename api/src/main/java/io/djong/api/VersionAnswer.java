package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the engine is (`GET /version`).
@Json(naming = Json.Naming.UpperCamel)
public record VersionAnswer(
    @Property("Platform") ProductName platform,
    @Property("Components") List<Component> components,
    @Property("Version") String version,
    String apiVersion,
    @Property("MinAPIVersion") String minApiVersion,
    String gitCommit,
    String goVersion,
    @Property("Os") String os,
    @Property("Arch") String arch,
    String kernelVersion,
    @Property("Experimental") boolean experimental,
    String buildTime) {

  /// The product's name.
  @Json(naming = Json.Naming.UpperCamel)
  public record ProductName(@Property("Name") String name) {}

  /// One program the engine consists of.
  @Json(naming = Json.Naming.UpperCamel)
  public record Component(
      @Property("Name") String name,
      @Property("Version") String version,
      @Property("Details") @Nullable Map<String, String> details) {}
}
