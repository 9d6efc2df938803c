package io.djong.model.record;

import io.avaje.jsonb.Json;
import io.djong.model.Digest;
import java.util.List;

/// What is kept of a build step's result. Immutable; times are RFC 3339.
///
/// @param keys by which it is found: what was written, and what was read
/// @param diffIds its whole stack of layers, from the base upwards; the last is its own unless it
///   added none
/// @param trail what each step on the way made: `+` and a time for a layer, `=` for none
/// @param size in bytes, of its own layer
/// @param description the step as people wrote it
@Json
public record BuildCacheRecord(
    String id,
    List<Digest> keys,
    List<Digest> diffIds,
    List<String> trail,
    String created,
    String lastUsed,
    int uses,
    long size,
    String description,
    String type) {
  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public BuildCacheRecord {
    keys = keys == null ? List.of() : List.copyOf(keys);
    diffIds = diffIds == null ? List.of() : List.copyOf(diffIds);
    trail = trail == null ? List.of() : List.copyOf(trail);
    description = description == null ? "" : description;
    type = type == null ? "regular" : type;
  }

  public BuildCacheRecord used(String now) {
    return new BuildCacheRecord(
        id, keys, diffIds, trail, created, now, uses + 1, size, description, type);
  }
}
