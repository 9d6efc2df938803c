package io.djong.model.record;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All that is kept of a volume besides its files.
///
/// @param options of the driver `local`, as they were asked for
/// @param renamedFrom the name that its folder may still have
@Json
public record VolumeRecord(
    String name,
    Map<String, String> labels,
    String created,
    boolean anonymous,
    Map<String, String> options,
    @Nullable String renamedFrom) {
  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public VolumeRecord {
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    options = options == null ? Map.of() : Map.copyOf(options);
  }
}
