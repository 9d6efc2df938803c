package io.djong.api;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/// Who one is to a registry (`POST /auth`, and base64 of it in `X-Registry-Auth`). Its text tells
/// no secret.
@Json
public record AuthConfig(
    @Nullable String username,
    @Nullable String password,
    @Nullable String auth,
    @Nullable String email,
    @Nullable String serveraddress,
    @Nullable String identitytoken,
    @Nullable String registrytoken) {
  @Override
  public String toString() {
    return "AuthConfig[" + username + " at " + serveraddress + "]";
  }
}
