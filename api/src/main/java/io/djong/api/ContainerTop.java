package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;

/// A container's processes as `ps` shows them (`GET /containers/{id}/top`).
@Json(naming = Json.Naming.UpperCamel)
public record ContainerTop(List<List<String>> processes, List<String> titles) {}
