package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;

/// The container that was made (`POST /containers/create`).
@Json(naming = Json.Naming.UpperCamel)
public record ContainerCreated(String id, List<String> warnings) {}
