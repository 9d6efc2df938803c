package io.djong.model.record;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;

/// A network as it is kept; addresses are text.
@Json
public record NetworkRecord(
    String id,
    String name,
    String driver,
    String device,
    List<Pool> pools,
    boolean internal,
    boolean icc,
    boolean masquerade,
    int mtu,
    Map<String, String> options,
    Map<String, String> labels,
    String created) {

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public NetworkRecord {
    pools = pools == null ? List.of() : List.copyOf(pools);
    options = options == null ? Map.of() : Map.copyOf(options);
    labels = labels == null ? Map.of() : Map.copyOf(labels);
  }

  @Json
  public record Pool(String subnet, String gateway) {}
}
