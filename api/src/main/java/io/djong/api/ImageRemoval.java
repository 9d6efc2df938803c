package io.djong.api;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/// One step of removing an image (`DELETE /images/{name}`): one of the two is set.
@Json(naming = Json.Naming.UpperCamel)
public record ImageRemoval(@Nullable String untagged, @Nullable String deleted) {}
