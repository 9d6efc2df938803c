package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What takes how much space (`GET /system/df`); sizes in bytes. A list is null if its type was not
/// asked for.
@Json(naming = Json.Naming.UpperCamel)
public record DiskUsage(
    long layersSize,
    @Nullable List<ImageSummary> images,
    @Nullable List<ContainerSummary> containers,
    @Nullable List<VolumeInspect> volumes,
    @Nullable List<Object> buildCache) {}
