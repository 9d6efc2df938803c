package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import org.jspecify.annotations.Nullable;

/// One step of removing an image (`DELETE /images/{name}`): one of the two is set.
@Json(naming = Json.Naming.UpperCamel)
public record ImageRemoval(
    @Property("Untagged") @Nullable String untagged,
    @Property("Deleted") @Nullable String deleted) {}
