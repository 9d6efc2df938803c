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

  @Json
  public record Port(int containerPort, String protocol, String hostAddress, int hostPort) {}
}
