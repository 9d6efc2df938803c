package io.djong.api;

import io.avaje.jsonb.Json;

/// What an answer with an error status carries.
@Json
public record ErrorAnswer(String message) {}
