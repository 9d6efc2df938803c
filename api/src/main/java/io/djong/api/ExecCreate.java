package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to run in a container (`POST /containers/{id}/exec`).
@Json(naming = Json.Naming.UpperCamel)
public record ExecCreate(
    @Nullable String user,
    boolean privileged,
    boolean tty,
    @Nullable List<Integer> consoleSize,
    boolean attachStdin,
    boolean attachStderr,
    boolean attachStdout,
    @Nullable String detachKeys,
    @Nullable List<String> env,
    @Nullable String workingDir,
    @Nullable List<String> cmd) {}
