package io.djong.registry;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The error codes of the distribution protocol with the status each goes with (OCI distribution
/// specification, Error Codes; the last ones are those of Docker's registry, which clients know
/// too).
public enum RegistryError {
  BLOB_UNKNOWN(404, "blob unknown to registry"),
  BLOB_UPLOAD_INVALID(400, "blob upload invalid"),
  BLOB_UPLOAD_UNKNOWN(404, "blob upload unknown to registry"),
  DIGEST_INVALID(400, "provided digest did not match uploaded content"),
  MANIFEST_BLOB_UNKNOWN(404, "manifest references a manifest or blob unknown to registry"),
  MANIFEST_INVALID(400, "manifest invalid"),
  MANIFEST_UNKNOWN(404, "manifest unknown to registry"),
  NAME_INVALID(400, "invalid repository name"),
  NAME_UNKNOWN(404, "repository name not known to registry"),
  SIZE_INVALID(400, "provided length did not match content length"),
  UNAUTHORIZED(401, "authentication required"),
  DENIED(403, "requested access to the resource is denied"),
  UNSUPPORTED(405, "the operation is unsupported"),
  TOOMANYREQUESTS(429, "too many requests"),
  TAG_INVALID(400, "manifest tag did not match URI"),
  RANGE_INVALID(416, "invalid content range"),
  PAGINATION_NUMBER_INVALID(400, "invalid number of results requested"),
  UNAVAILABLE(503, "service unavailable"),
  UNKNOWN(500, "unknown error");

  private final int status;
  private final String message;

  RegistryError(int status, String message) {
    this.status = status;
    this.message = message;
  }

  /// The HTTP status it is usually answered with.
  public int status() {
    return status;
  }

  /// What it says where nobody knows better.
  public String message() {
    return message;
  }

  /// The error of a code; null if it is none of the protocol's.
  public static @Nullable RegistryError of(String code) {
    String upper = code.toUpperCase(Locale.ROOT);
    for (RegistryError each : values()) {
      if (each.name().equals(upper)) {
        return each;
      }
    }
    return null;
  }
}
