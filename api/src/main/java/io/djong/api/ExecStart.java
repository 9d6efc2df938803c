package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How to start an exec (`POST /exec/{id}/start`). `consoleSize` is rows, then columns.
@Json(naming = Json.Naming.UpperCamel)
public record ExecStart(
    boolean detach, @Nullable Boolean tty, @Nullable List<Integer> consoleSize) {}
