package io.djong.engine.network;

import io.djong.model.record.EndpointRecord;
import io.djong.network.Cidr;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.Port;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// Endpoints in the shape they are kept in, and back.
public final class Endpoints {
  private Endpoints() {}

  public static EndpointRecord record(Endpoint endpoint, String networkName) {
    return new EndpointRecord(
        endpoint.id(),
        endpoint.container(),
        endpoint.network(),
        endpoint.device(),
        endpoint.hostDevice(),
        endpoint.mac(),
        text(endpoint.address()),
        text(endpoint.gateway()),
        text(endpoint.address6()),
        text(endpoint.gateway6()),
        endpoint.ports().stream()
            .map(
                port ->
                    new EndpointRecord.Port(
                        port.containerPort(),
                        port.protocol(),
                        Cidr.text(port.hostAddress()),
                        port.hostPort(),
                        port.from().stream().map(Cidr::toString).toList()))
            .toList(),
        networkName);
  }

  public static Endpoint endpoint(EndpointRecord kept) {
    return new Endpoint(
        kept.id(),
        kept.container(),
        kept.network(),
        kept.device(),
        kept.hostDevice(),
        kept.mac(),
        cidr(kept.address()),
        address(kept.gateway()),
        cidr(kept.address6()),
        address(kept.gateway6()),
        kept.ports().stream()
            .map(
                port ->
                    new Port(
                        port.containerPort(),
                        port.protocol(),
                        Cidr.parseAddress(port.hostAddress()),
                        port.hostPort(),
                        port.hostPort(),
                        port.from().stream().map(Cidr::parse).toList()))
            .toList());
  }

  private static @Nullable String text(@Nullable Cidr cidr) {
    return cidr == null ? null : cidr.toString();
  }

  private static @Nullable String text(@Nullable InetAddress address) {
    return address == null ? null : Cidr.text(address);
  }

  private static @Nullable Cidr cidr(@Nullable String text) {
    return text == null ? null : Cidr.parse(text);
  }

  private static @Nullable InetAddress address(@Nullable String text) {
    return text == null ? null : Cidr.parseAddress(text);
  }
}
