package io.djong.model;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/// What machine an image is for (OCI image specification, Image Index, `platform`), in Go's words:
/// `linux`, `amd64`.
@Json
public record Platform(
    String architecture,
    String os,
    @Json.Property("os.version") @Nullable String osVersion,
    @Nullable String variant) {

  public static Platform of(String os, String architecture) {
    return new Platform(architecture, os, null, null);
  }

  /// The platform of the machine this runs on.
  public static Platform current() {
    String arch = System.getProperty("os.arch", "");
    return of(
        "linux",
        switch (arch) {
          case "amd64", "x86_64" -> "amd64";
          case "aarch64" -> "arm64";
          default -> arch;
        });
  }

  /// `os/architecture[/variant]`.
  @Override
  public String toString() {
    return os + "/" + architecture + (variant == null || variant.isEmpty() ? "" : "/" + variant);
  }
}
