package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A volume that is asked for (`POST /volumes/create`). Without a name one is drawn.
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record VolumeCreate(
    @Property("Name") @Nullable String name,
    @Property("Driver") @Nullable String driver,
    @Nullable Map<String, String> driverOpts,
    @Property("Labels") @Nullable Map<String, String> labels,
    @Nullable Object clusterVolumeSpec) {}
