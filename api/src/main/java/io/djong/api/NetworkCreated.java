package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;

/// The answer to the making of a network.
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record NetworkCreated(@Property("Id") String id, @Property("Warning") String warning) {}
