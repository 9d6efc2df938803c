package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;

/// That a login succeeded (`POST /auth`). `identityToken` is empty where the registry gives none,
/// and a secret otherwise.
@Json
public record AuthAnswer(
    @Property("Status") String status, @Property("IdentityToken") String identityToken) {
  @Override
  public String toString() {
    return "AuthAnswer[" + status + "]";
  }
}
