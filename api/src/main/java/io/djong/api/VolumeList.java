package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All volumes that fit (`GET /volumes`).
@Json(naming = Json.Naming.UpperCamel)
public record VolumeList(
    @Property("Volumes") List<VolumeInspect> volumes,
    @Property("Warnings") @Nullable List<String> warnings) {}
