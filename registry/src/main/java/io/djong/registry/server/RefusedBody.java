package io.djong.registry.server;

import io.djong.registry.ErrorBody;
import io.djong.registry.RegistryError;

/// A body that is larger than what is taken (status 413).
final class RefusedBody extends RuntimeException {
  private final RegistryError error;
  private final String why;

  RefusedBody(RegistryError error, String why) {
    super(why);
    this.error = error;
    this.why = why;
  }

  ErrorBody body() {
    return ErrorBody.of(error, why, null);
  }
}
