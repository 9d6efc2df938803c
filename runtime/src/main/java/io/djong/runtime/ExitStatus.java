package io.djong.runtime;

import java.time.Instant;

/// How a process ended. `code` is its exit code, or 128 and the signal; 255 if nobody saw it end.
public record ExitStatus(int code, boolean oomKilled, Instant finishedAt) {}
