package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One volume (`GET /volumes/{name}`). `usageData` is null unless asked for.
@Json(naming = Json.Naming.UpperCamel)
public record VolumeInspect(
    String createdAt,
    String driver,
    @Nullable Map<String, String> labels,
    String mountpoint,
    String name,
    @Nullable Map<String, String> options,
    String scope,
    @Nullable Usage usageData) {

  /// Its size in bytes and how many containers use it; -1 where that is not known.
  @Json(naming = Json.Naming.UpperCamel)
  public record Usage(long refCount, long size) {}
}
