package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;

/// A container's processes as `ps` shows them (`GET /containers/{id}/top`).
@Json(naming = Json.Naming.UpperCamel)
public record ContainerTop(
    @Property("Processes") List<List<String>> processes, @Property("Titles") List<String> titles) {}
