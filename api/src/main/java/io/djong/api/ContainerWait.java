package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import org.jspecify.annotations.Nullable;

/// How a container ended (`POST /containers/{id}/wait`). `error` says why the wait itself failed.
@Json(naming = Json.Naming.UpperCamel)
public record ContainerWait(@Property("Error") @Nullable WaitError error, int statusCode) {
  /// Why a wait failed.
  @Json(naming = Json.Naming.UpperCamel)
  public record WaitError(@Property("Message") String message) {}
}
