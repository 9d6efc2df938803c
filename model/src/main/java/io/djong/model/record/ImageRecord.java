package io.djong.model.record;

import io.avaje.jsonb.Json;
import io.djong.model.Digest;
import org.jspecify.annotations.Nullable;

/// What is kept of an image beside its documents, by its id (the config's digest).
///
/// @param manifest the image manifest that its files are described by
/// @param parent the image it was committed from
/// @param lastTagged RFC 3339
@Json
public record ImageRecord(
    Digest id,
    Digest manifest,
    String mediaType,
    long manifestSize,
    @Nullable Digest parent,
    @Nullable String lastTagged) {}
