package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A volume that is asked for (`POST /volumes/create`). Without a name one is drawn.
@Json(naming = Json.Naming.UpperCamel)
public record VolumeCreate(
    @Nullable String name,
    @Nullable String driver,
    @Nullable Map<String, String> driverOpts,
    @Nullable Map<String, String> labels,
    @Nullable Object clusterVolumeSpec) {}
