package io.djong.api;

import org.jspecify.annotations.Nullable;

/// What to read of a log. `since` and `until` are seconds since 1970 (with a fraction) or RFC 3339;
/// `tail` is a number of lines or `all`.
public record LogOptions(
    boolean stdout,
    boolean stderr,
    boolean follow,
    boolean timestamps,
    @Nullable String since,
    @Nullable String until,
    @Nullable String tail) {}
