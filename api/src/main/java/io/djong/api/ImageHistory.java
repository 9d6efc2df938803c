package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One entry of an image's history (`GET /images/{name}/history`). `created` is in seconds since
/// 1970; `id` is `<missing>` where no image of that step is known.
@Json(naming = Json.Naming.UpperCamel)
public record ImageHistory(
    @Property("Id") String id,
    @Property("Created") long created,
    String createdBy,
    @Property("Tags") @Nullable List<String> tags,
    @Property("Size") long size,
    @Property("Comment") String comment) {}
