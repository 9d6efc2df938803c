package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer to `POST /containers/{id}/update`.
@Json(naming = Json.Naming.UpperCamel)
public record ContainerUpdated(@Json.Property("Warnings") @Nullable List<String> warnings) {}
