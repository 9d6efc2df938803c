package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One volume (`GET /volumes/{name}`). `usageData` is null unless asked for.
@Json(naming = Json.Naming.UpperCamel)
public record VolumeInspect(
    String createdAt,
    @Property("Driver") String driver,
    @Property("Labels") @Nullable Map<String, String> labels,
    @Property("Mountpoint") String mountpoint,
    @Property("Name") String name,
    @Property("Options") @Nullable Map<String, String> options,
    @Property("Scope") String scope,
    @Nullable Usage usageData) {

  /// Its size in bytes and how many containers use it; -1 where that is not known.
  @Json(naming = Json.Naming.UpperCamel)
  public record Usage(long refCount, @Property("Size") long size) {}
}
