package io.djong.api;

import io.avaje.jsonb.Json;

/// What was made, by its id (`POST /commit`, `POST /containers/{id}/exec`).
@Json(naming = Json.Naming.UpperCamel)
public record IdAnswer(String id) {}
