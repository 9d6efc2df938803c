package io.djong.registry;

import org.jspecify.annotations.Nullable;

/// A request that a registry refuses, in the protocol's words. It stays inside this room: a server
/// answers it, a client turns it into a [io.djong.model.Fault].
public final class RegistryFault extends RuntimeException {
  private final RegistryError error;
  private final transient @Nullable Object detail;

  public RegistryFault(RegistryError error, @Nullable String message) {
    this(error, message, null);
  }

  /// @param detail any JSON
  public RegistryFault(RegistryError error, @Nullable String message, @Nullable Object detail) {
    super(message == null ? error.message() : message);
    this.error = error;
    this.detail = detail;
  }

  public RegistryError error() {
    return error;
  }

  public ErrorBody body() {
    String message = getMessage();
    return ErrorBody.of(error, message == null ? error.message() : message, detail);
  }
}
