package io.djong.network.address;

import io.djong.linux.Netlink;
import io.djong.linux.NetlinkBatch;
import io.djong.linux.NetworkNamespace;
import io.djong.linux.Sysctl;
import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.Families;
import io.djong.network.Sandbox;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Gives the device of an endpoint its addresses and routes, inside the container's namespace.
public final class SandboxDevice {
  private SandboxDevice() {}

  /// Sets it up with its addresses, and with these routes to the outside.
  ///
  /// @param inside of the container's namespace
  public static void configure(Netlink inside, Endpoint endpoint, Families routes)
      throws IOException {
    Netlink.Link device = device(inside, endpoint.device());
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

  /// Gives a device that is up further addresses, and parameters of the kernel.
  ///
  /// @param parameters by their path below `/proc/sys`
  /// @throws Fault.Invalid if the kernel has no such parameter, or refuses the value
  public static void tune(
      Sandbox sandbox, String name, List<Cidr> addresses, Map<String, String> parameters)
      throws IOException {
    try (NetworkNamespace namespace = NetworkNamespace.open(sandbox.path())) {
      namespace.call(
          () -> {
            if (!addresses.isEmpty()) {
              add(name, addresses);
            }
            for (Map.Entry<String, String> parameter : parameters.entrySet()) {
              set(parameter.getKey(), parameter.getValue());
            }
            return name;
          });
    }
  }

  private static void add(String name, List<Cidr> addresses) throws IOException {
    try (Netlink inside = Netlink.open()) {
      Netlink.Link device = device(inside, name);
      NetlinkBatch batch = new NetlinkBatch();
      for (Cidr address : addresses) {
        batch.addAddress(device.index(), address.address(), address.prefix());
      }
      inside.apply(batch);
    }
  }

  private static void set(String parameter, String value) {
    try {
      if (!Sysctl.writeIfPresent(parameter, value)) {
        throw new Fault.Invalid("/proc/sys/" + parameter + " is not a sysctl file");
      }
    } catch (IOException e) {
      throw new Fault.Invalid("/proc/sys/" + parameter + " does not take " + value, e);
    }
  }

  /// Has what the sandbox sends to the outside go by the gateways of this endpoint.
  public static void route(Sandbox sandbox, Endpoint endpoint, Families families)
      throws IOException {
    try (NetworkNamespace namespace = NetworkNamespace.open(sandbox.path())) {
      namespace.call(
          () -> {
            try (Netlink inside = Netlink.open()) {
              NetlinkBatch batch = new NetlinkBatch();
              addRoutes(batch, device(inside, endpoint.device()).index(), endpoint, families);
              inside.apply(batch);
            }
            return endpoint;
          });
    }
  }

  private static Netlink.Link device(Netlink inside, String name) throws IOException {
    Netlink.Link device = inside.link(name);
    if (device == null) {
      throw new IOException("device " + name + " vanished from its namespace");
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
