package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How to start an exec (`POST /exec/{id}/start`). `consoleSize` is rows, then columns.
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record ExecStart(
    @Property("Detach") boolean detach,
    @Property("Tty") @Nullable Boolean tty,
    @Nullable List<Integer> consoleSize) {}
