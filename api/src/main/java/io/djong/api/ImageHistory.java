package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One entry of an image's history (`GET /images/{name}/history`). `created` is in seconds since
/// 1970; `id` is `<missing>` where no image of that step is known.
@Json(naming = Json.Naming.UpperCamel)
public record ImageHistory(
    String id,
    long created,
    String createdBy,
    @Nullable List<String> tags,
    long size,
    String comment) {}
