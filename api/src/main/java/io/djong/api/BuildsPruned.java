package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was removed of the build cache (`POST /build/prune`); space in bytes.
@Json(naming = Json.Naming.UpperCamel)
public record BuildsPruned(@Nullable List<String> cachesDeleted, long spaceReclaimed) {}
