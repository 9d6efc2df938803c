package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One line of a list of images (`GET /images/json`). `created` is in seconds since 1970, sizes in
/// bytes; `sharedSize` and `containers` are -1 unless asked for. `virtualSize` is for clients
/// before 1.44.
@Json(naming = Json.Naming.UpperCamel)
public record ImageSummary(
    int containers,
    long created,
    String id,
    @Nullable Map<String, String> labels,
    String parentId,
    List<String> repoDigests,
    List<String> repoTags,
    long sharedSize,
    long size,
    @Nullable Long virtualSize) {}
