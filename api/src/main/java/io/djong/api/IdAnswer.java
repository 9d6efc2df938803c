package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;

/// What was made, by its id (`POST /commit`, `POST /containers/{id}/exec`).
@Json(naming = Json.Naming.UpperCamel)
public record IdAnswer(@Property("Id") String id) {}
