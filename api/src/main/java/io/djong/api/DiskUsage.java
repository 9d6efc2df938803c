package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What takes how much space (`GET /system/df`); sizes in bytes. A list is null if its type was not
/// asked for.
@Json(naming = Json.Naming.UpperCamel)
public record DiskUsage(
    long layersSize,
    @Property("Images") @Nullable List<ImageSummary> images,
    @Property("Containers") @Nullable List<ContainerSummary> containers,
    @Property("Volumes") @Nullable List<VolumeInspect> volumes,
    @Nullable List<BuildCacheUsage> buildCache) {}
