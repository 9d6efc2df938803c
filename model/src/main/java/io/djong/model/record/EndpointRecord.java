package io.djong.model.record;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A container's place in a network; addresses as text with their prefix.
///
/// @param networkName null in records of old, which know the default network alone
@Json
public record EndpointRecord(
    String id,
    String container,
    String network,
    String device,
    String hostDevice,
    String mac,
    @Nullable String address,
    @Nullable String gateway,
    @Nullable String address6,
    @Nullable String gateway6,
    List<Port> ports,
    @Nullable String networkName) {

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public EndpointRecord {
    ports = ports == null ? List.of() : List.copyOf(ports);
  }

  /// @param from who may come, as ranges of addresses; nobody named is everybody
  @Json
  public record Port(
      int containerPort, String protocol, String hostAddress, int hostPort, List<String> from) {
    @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
    public Port {
      from = from == null ? List.of() : List.copyOf(from);
    }
  }
}
