package io.djong.api;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/// What became of one instruction of a build; times are RFC 3339.
///
/// @param why why it was taken from the cache, or was not
@Json
public record BuildStep(
    int number, String text, boolean cached, @Nullable String why, String began, String ended) {}
