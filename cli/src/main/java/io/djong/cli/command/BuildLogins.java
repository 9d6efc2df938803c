package io.djong.cli.command;

import io.djong.api.AuthConfig;
import io.djong.api.RegistryLogins;
import io.djong.model.json.Json;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who the user is to all registries that are known: a build may need images from any of them.
final class BuildLogins {
  /// What `X-Registry-Config` shall say; null for nothing. A secret.
  @Nullable String header() throws IOException, InterruptedException {
    Map<String, AuthConfig> all = RegistryLogins.ofUser().all();
    return all.isEmpty() ? null : Base64.getUrlEncoder().encodeToString(Json.lean().write(all));
  }
}
