package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;

/// Where an image is mounted (`POST /djong/images/{name}/mount`, djong's own): a path on the
/// engine's machine.
@Json(naming = Json.Naming.UpperCamel)
public record ImageMount(@Property("Path") String path) {}
