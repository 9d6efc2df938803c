package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;

/// A repository that was found on a registry (`GET /images/search`).
@Json
public record SearchResult(
    @Property("star_count") int starCount,
    @Property("is_official") boolean official,
    String name,
    @Property("is_automated") boolean automated,
    String description) {}
