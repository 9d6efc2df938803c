package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An image as its registry has it (`GET /distribution/{name}/json`).
@Json
public record DistributionInspect(
    @Property("Descriptor") Content descriptor, @Property("Platforms") List<Target> platforms) {
  /// What the name points at; `size` in bytes.
  @Json
  public record Content(String mediaType, String digest, long size) {}

  /// What an image of it runs on.
  @Json
  public record Target(
      String architecture,
      String os,
      @Property("os.version") @Nullable String osVersion,
      @Nullable String variant) {}
}
