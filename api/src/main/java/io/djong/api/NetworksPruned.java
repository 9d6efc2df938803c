package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The names of the networks that a prune removed; null if it found none.
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record NetworksPruned(@Nullable List<String> networksDeleted) {}
