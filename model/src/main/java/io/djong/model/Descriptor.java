package io.djong.model;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Points at bytes somewhere: what they are, their digest, how many (OCI image specification,
/// Descriptor). `size` is in bytes, 0 or more.
@Json
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    @Nullable Platform platform,
    Map<String, String> annotations) {

  /// @throws Fault.Invalid if the size is negative or a required property is missing
  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public Descriptor {
    if (mediaType == null || digest == null) {
      throw new Fault.Invalid("invalid descriptor: mediaType and digest are required");
    }
    if (size < 0) {
      throw new Fault.Invalid("invalid descriptor " + digest + ": size " + size + " is negative");
    }
    annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
  }

  public static Descriptor of(String mediaType, Digest digest, long size) {
    return new Descriptor(mediaType, digest, size, null, Map.of());
  }

  /// Describes these very bytes.
  public static Descriptor of(String mediaType, byte[] bytes) {
    return of(mediaType, Digest.of(bytes), bytes.length);
  }
}
