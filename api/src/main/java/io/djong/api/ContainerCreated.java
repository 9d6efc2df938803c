package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;

/// The container that was made (`POST /containers/create`).
@Json(naming = Json.Naming.UpperCamel)
public record ContainerCreated(
    @Property("Id") String id, @Property("Warnings") List<String> warnings) {}
