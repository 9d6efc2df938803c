package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One line of a list of images (`GET /images/json`). `created` is in seconds since 1970, sizes in
/// bytes; `sharedSize` and `containers` are -1 unless asked for. `virtualSize` is for clients
/// before 1.44.
@Json(naming = Json.Naming.UpperCamel)
public record ImageSummary(
    @Property("Containers") int containers,
    @Property("Created") long created,
    @Property("Id") String id,
    @Property("Labels") @Nullable Map<String, String> labels,
    String parentId,
    List<String> repoDigests,
    List<String> repoTags,
    long sharedSize,
    @Property("Size") long size,
    @Nullable Long virtualSize) {}
