package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One event (`GET /events`). `status`, `id` and `from` repeat the others for old clients. `time`
/// is in seconds since 1970, `timeNano` in nanoseconds.
@Json
public record EventMessage(
    @Nullable String status,
    @Nullable String id,
    @Nullable String from,
    @Property("Type") String type,
    @Property("Action") String action,
    @Property("Actor") Actor actor,
    String scope,
    long time,
    long timeNano) {

  /// Whom it happened to.
  @Json
  public record Actor(
      @Property("ID") String id, @Property("Attributes") Map<String, String> attributes) {}
}
