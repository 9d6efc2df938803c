package io.djong.model.record;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A network as it is kept; addresses are text.
///
/// @param options as they were asked for
/// @param noIpv4 whether it was asked for without IPv4
/// @param ipamOptions those of the address driver, which djong keeps and does not use
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
    String created,
    boolean noIpv4,
    boolean ipv6,
    boolean attachable,
    Map<String, String> ipamOptions) {

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public NetworkRecord {
    pools = pools == null ? List.of() : List.copyOf(pools);
    options = options == null ? Map.of() : Map.copyOf(options);
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    ipamOptions = ipamOptions == null ? Map.of() : Map.copyOf(ipamOptions);
  }

  /// @param range what addresses are drawn from; null is the whole subnet
  /// @param reserved addresses that are never drawn, by the names they were given
  @Json
  public record Pool(
      String subnet, String gateway, @Nullable String range, Map<String, String> reserved) {
    @SuppressWarnings("ConstantValue")
    public Pool {
      reserved = reserved == null ? Map.of() : Map.copyOf(reserved);
    }
  }
}
