package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was removed (`POST /containers/prune`); space in bytes.
@Json(naming = Json.Naming.UpperCamel)
public record ContainersPruned(@Nullable List<String> containersDeleted, long spaceReclaimed) {}
