package io.djong.content;

/// Names an unfinished blob.
public record UploadId(String value) {}
