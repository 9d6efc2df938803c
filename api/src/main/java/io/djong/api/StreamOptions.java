package io.djong.api;

import org.jspecify.annotations.Nullable;

/// Which streams of a container to attach to. `logs` replays earlier output first; `stream` goes on
/// with what comes.
public record StreamOptions(
    boolean stdin,
    boolean stdout,
    boolean stderr,
    boolean stream,
    boolean logs,
    @Nullable String detachKeys) {}
