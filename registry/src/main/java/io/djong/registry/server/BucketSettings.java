package io.djong.registry.server;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Which bucket of an object store a registry is kept in.
///
/// @param endpoint null for Amazon's own
/// @param pathStyle whether the bucket is in the path of an address and not in its host
/// @param prefix what all keys begin with; empty, or with a slash at its end
/// @param accessKey null to look for credentials where Amazon's tools do
/// @param secretKey never told to anybody but the object store
public record BucketSettings(
    @Nullable URI endpoint,
    String region,
    String bucket,
    boolean pathStyle,
    String prefix,
    @Nullable String accessKey,
    @Nullable String secretKey) {
  @Override
  public String toString() {
    return "bucket " + bucket + (prefix.isEmpty() ? "" : " below " + prefix);
  }
}
