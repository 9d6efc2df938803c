package io.djong.model.record;

import io.avaje.jsonb.Json;
import java.util.Map;

/// All that is kept of a volume besides its files.
@Json
public record VolumeRecord(
    String name, Map<String, String> labels, String created, boolean anonymous) {
  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public VolumeRecord {
    labels = labels == null ? Map.of() : Map.copyOf(labels);
  }
}
