package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All volumes that fit (`GET /volumes`).
@Json(naming = Json.Naming.UpperCamel)
public record VolumeList(List<VolumeInspect> volumes, @Nullable List<String> warnings) {}
