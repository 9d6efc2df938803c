package io.djong.engine.container;

import io.djong.engine.network.RecordedNetworks;
import io.djong.model.Fault;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.model.container.NetworkingConfig.Addresses;
import io.djong.model.container.NetworkingConfig.EndpointConfig;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.EndpointRecord;
import io.djong.network.Cidr;
import io.djong.network.Network;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which networks a container is asked to be in, by their names, and whether that makes sense.
final class AskedNetworks {
  static final EndpointConfig NOTHING = new EndpointConfig(null, null, null, null, null, 0);

  private static final Pattern MAC = Pattern.compile("([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}");

  private AskedNetworks() {}

  /// The name of the network a container is in: `default` is `bridge`.
  static String mode(HostConfig host) {
    return host.networkMode().equals("default") ? "bridge" : host.networkMode();
  }

  /// Whether a container has no networks of its own.
  static boolean shares(HostConfig host) {
    return host.networkMode().equals("host") || host.networkMode().startsWith("container:");
  }

  /// The networks of a container, by name.
  static Map<String, EndpointConfig> of(ContainerRecord container) {
    if (mode(container.host()).startsWith("container:")) {
      return Map.of();
    }
    Map<String, EndpointConfig> asked = container.networking().endpointsConfig();
    return container.networking().settled() ? asked : Map.of(mode(container.host()), NOTHING);
  }

  /// What is asked for at the creation, under the networks' names, with the network of the mode.
  ///
  /// @throws Fault.Invalid in Docker's words if it makes no sense
  static NetworkingConfig settle(
      ContainerConfig config,
      HostConfig host,
      NetworkingConfig networking,
      RecordedNetworks networks) {
    String mode = name(mode(host), networks);
    if (mode.startsWith("container:")) {
      if (!networking.endpointsConfig().isEmpty()) {
        throw new Fault.Invalid(
            "conflicting options: a container that shares the network of another has none of its"
                + " own");
      }
      return new NetworkingConfig(Map.of(), true);
    }
    Map<String, EndpointConfig> all = new TreeMap<>();
    networking
        .endpointsConfig()
        .forEach((ref, asked) -> all.put(name(ref, networks), asked == null ? NOTHING : asked));
    all.putIfAbsent(mode, NOTHING);
    if (all.size() > 1 && (mode.equals("host") || mode.equals("none"))) {
      throw new Fault.Invalid(
          mode.equals("host")
              ? "container sharing network namespace with another container or host cannot be"
                  + " connected to any other network"
              : "container cannot be connected to multiple networks with one of the networks in"
                  + " private (none) mode");
    }
    String mac = config.macAddress();
    EndpointConfig own = all.getOrDefault(mode, NOTHING);
    if (mac != null && !mac.isEmpty() && text(own.macAddress()).isEmpty()) {
      all.put(mode, withMac(own, mac));
    }
    for (Map.Entry<String, EndpointConfig> entry : all.entrySet()) {
      try {
        check(entry.getKey(), entry.getValue(), networks);
      } catch (Fault.Invalid e) {
        throw new Fault.Invalid(
            "invalid config for network " + entry.getKey() + ": " + e.getMessage(), e);
      }
    }
    return new NetworkingConfig(all, true);
  }

  private static EndpointConfig withMac(EndpointConfig config, String mac) {
    return new EndpointConfig(
        config.ipamConfig(),
        config.links(),
        config.aliases(),
        mac,
        config.driverOpts(),
        config.gwPriority());
  }

  /// The name of a network; what is given if there is none: that is found out at the start.
  private static String name(String ref, RecordedNetworks networks) {
    if (ref.equals("default")) {
      return "bridge";
    }
    if (ref.startsWith("container:")) {
      return ref;
    }
    try {
      return networks.network(ref).name();
    } catch (Fault.NotFound e) {
      return ref;
    }
  }

  /// @throws Fault.Invalid in Docker's words
  static void check(String name, EndpointConfig asked, RecordedNetworks networks) {
    String mac = text(asked.macAddress());
    if (!mac.isEmpty() && !MAC.matcher(mac).matches()) {
      throw new Fault.Invalid("invalid MAC address " + mac);
    }
    List<String> wrong = new ArrayList<>();
    List<String> aliases = asked.aliases();
    boolean standing = name.equals("bridge") || name.equals("host") || name.equals("none");
    if (standing && aliases != null && !aliases.isEmpty()) {
      wrong.add("network-scoped alias is supported only for containers in user defined networks");
    }
    for (String alias : aliases == null ? List.<String>of() : aliases) {
      if (alias.isBlank() || alias.length() > 253 || alias.chars().anyMatch(c -> c <= ' ')) {
        wrong.add("invalid alias \"" + alias + "\"");
      }
    }
    wrong.addAll(EndpointOptions.problems(asked));
    addresses(name, asked.ipamConfig(), standing, networks, wrong);
    if (!wrong.isEmpty()) {
      String joint = wrong.size() == 1 ? "" : "* ";
      throw new Fault.Invalid(
          "invalid endpoint settings:\n" + joint + String.join("\n" + joint, wrong));
    }
  }

  private static void addresses(
      String name,
      @Nullable Addresses asked,
      boolean standing,
      RecordedNetworks networks,
      List<String> wrong) {
    String four = asked == null ? "" : text(asked.ipv4Address());
    String six = asked == null ? "" : text(asked.ipv6Address());
    if (standing && !(four + six).isEmpty()) {
      wrong.add("user specified IP address is supported on user defined networks only");
      wrong.add(
          "user specified IP address is supported only when connecting to networks with user"
              + " configured subnets");
      return;
    }
    address("IPv4", four, true, wrong, name, networks);
    address("IPv6", six, false, wrong, name, networks);
  }

  private static void address(
      String family,
      String text,
      boolean v4,
      List<String> wrong,
      String name,
      RecordedNetworks networks) {
    if (text.isEmpty()) {
      return;
    }
    InetAddress address = null;
    try {
      address = Cidr.parseAddress(text);
    } catch (Fault.Invalid e) {
      wrong.add("invalid " + family + " address: " + text);
    }
    if (address != null && address instanceof Inet4Address != v4) {
      wrong.add("invalid " + family + " address: " + text);
      return;
    }
    Network network;
    try {
      network = networks.network(name);
    } catch (Fault.NotFound e) {
      return; // The start will say so.
    }
    InetAddress inside = address;
    if (inside == null
        || network.pools().stream().noneMatch(pool -> pool.subnet().contains(inside))) {
      wrong.add("no configured subnet or ip-range contain the IP address " + text);
    }
  }

  /// Whether names are served to a container: on every network but the default one.
  static boolean haveNames(Iterable<EndpointRecord> endpoints) {
    for (EndpointRecord endpoint : endpoints) {
      String network = endpoint.networkName();
      if (network != null && !network.equals("bridge")) {
        return true;
      }
    }
    return false;
  }

  static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
