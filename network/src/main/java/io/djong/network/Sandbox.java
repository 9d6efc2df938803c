package io.djong.network;

import java.nio.file.Path;

/// A network namespace, held open by a bind mount at `path`; the OCI runtime joins it there.
public record Sandbox(String key, Path path) {}
