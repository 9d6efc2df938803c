package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to run in a container (`POST /containers/{id}/exec`).
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record ExecCreate(
    @Property("User") @Nullable String user,
    @Property("Privileged") boolean privileged,
    @Property("Tty") boolean tty,
    @Nullable List<Integer> consoleSize,
    boolean attachStdin,
    boolean attachStderr,
    boolean attachStdout,
    @Nullable String detachKeys,
    @Property("Env") @Nullable List<String> env,
    @Nullable String workingDir,
    @Property("Cmd") @Nullable List<String> cmd) {}
