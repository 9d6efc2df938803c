package io.djong.registry.server;

import io.djong.model.Digest;

/// A manifest as it is answered. Nobody changes the bytes.
@SuppressWarnings(
    "ArrayRecordComponent") // Compared by nobody; copied for each answer it would cost.
record StoredManifest(String mediaType, Digest digest, byte[] bytes) {}
