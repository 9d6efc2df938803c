package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;

/// A path that a container changed (`GET /containers/{id}/changes`). `kind` is 0 modified, 1 added,
/// 2 deleted.
@Json(naming = Json.Naming.UpperCamel)
public record ContainerChange(@Property("Path") String path, @Property("Kind") int kind) {}
