package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One result in the build cache (`GET /system/df`); size in bytes.
@Json(naming = Json.Naming.UpperCamel)
public record BuildCacheUsage(
    @Property("ID") String id,
    @Property("Parents") @Nullable List<String> parents,
    @Property("Type") String type,
    @Property("Description") String description,
    boolean inUse,
    @Property("Shared") boolean shared,
    @Property("Size") long size,
    String createdAt,
    @Nullable String lastUsedAt,
    int usageCount) {}
