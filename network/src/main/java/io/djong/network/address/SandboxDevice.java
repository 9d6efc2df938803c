package io.djong.network.address;

import io.djong.linux.Netlink;
import io.djong.linux.NetlinkBatch;
import io.djong.linux.NetworkNamespace;
import io.djong.linux.Sysctl;
import io.djong.network.Cidr;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.Families;
import io.djong.network.Sandbox;
import java.io.IOException;

/// Gives the device of an endpoint its addresses and routes, inside the container's namespace.
public final class SandboxDevice {
  private SandboxDevice() {}

  /// Sets it up with its addresses, and with these routes to the outside.
  ///
  /// @param inside of the container's namespace
  public static void configure(Netlink inside, Endpoint endpoint, Families routes)
      throws IOException {
    Netlink.Link device = device(inside, endpoint);
    if (endpoint.address6() != null) {
      Sysctl.writeIfPresent("net/ipv6/conf/" + endpoint.device() + "/disable_ipv6", "0");
    }
    NetlinkBatch batch = new NetlinkBatch().setUp(endpoint.device());
    for (Cidr address : AddressPools.of(endpoint)) {
      batch.addAddress(device.index(), address.address(), address.prefix());
    }
    addRoutes(batch, device.index(), endpoint, routes);
    inside.apply(batch);
  }

  /// Has what the sandbox sends to the outside go by the gateways of this endpoint.
  public static void route(Sandbox sandbox, Endpoint endpoint, Families families)
      throws IOException {
    try (NetworkNamespace namespace = NetworkNamespace.open(sandbox.path())) {
      namespace.call(
          () -> {
            try (Netlink inside = Netlink.open()) {
              NetlinkBatch batch = new NetlinkBatch();
              addRoutes(batch, device(inside, endpoint).index(), endpoint, families);
              inside.apply(batch);
            }
            return endpoint;
          });
    }
  }

  private static Netlink.Link device(Netlink inside, Endpoint endpoint) throws IOException {
    Netlink.Link device = inside.link(endpoint.device());
    if (device == null) {
      throw new IOException("device " + endpoint.device() + " vanished from its namespace");
    }
    return device;
  }

  private static void addRoutes(
      NetlinkBatch batch, int device, Endpoint endpoint, Families families) {
    if (endpoint.gateway() != null && families.ipv4()) {
      batch.addRoute(null, 0, endpoint.gateway(), device);
    }
    if (endpoint.gateway6() != null && families.ipv6()) {
      batch.addRoute(null, 0, endpoint.gateway6(), device);
    }
  }
}
