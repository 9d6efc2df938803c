package io.djong.engine.network;

import io.djong.engine.Networks.NewNetwork;
import io.djong.engine.Networks.NewPool;
import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.Network.Pool;
import io.djong.network.NetworkDriver.Families;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads what a user asks of a network.
final class NetworkPlan {
  private static final String BRIDGE = "com.docker.network.bridge.";
  private static final String MTU = "com.docker.network.driver.mtu";
  private static final int LEAST_MTU = 68;
  private static final int LEAST_MTU_OF_IPV6 = 1280;
  private static final int MOST_MTU = 65535;

  private NetworkPlan() {}

  /// @param id of the network
  /// @return what the driver is to complete; an MTU of 0 is not said
  /// @throws Fault.Invalid in Docker's words
  static Network of(String id, NewNetwork wanted) {
    Map<String, String> options = wanted.options();
    refuseWhatIsMissing(options);
    String device = options.getOrDefault(BRIDGE + "name", "");
    return new Network(
        id,
        wanted.name(),
        wanted.driver().isEmpty() ? "bridge" : wanted.driver(),
        device.isEmpty() ? "br-" + id.substring(0, 12) : device,
        pools(wanted),
        wanted.internal(),
        truth(options, BRIDGE + "enable_icc"),
        truth(options, BRIDGE + "enable_ip_masquerade"),
        mtu(options, families(wanted).ipv6()),
        options);
  }

  /// What would change who reaches whom must not be passed over.
  private static void refuseWhatIsMissing(Map<String, String> options) {
    for (String mode : List.of(BRIDGE + "gateway_mode_ipv4", BRIDGE + "gateway_mode_ipv6")) {
      String value = options.getOrDefault(mode, "");
      if (!value.isEmpty() && !value.equals("nat")) {
        throw new Fault.Unsupported(
            mode + "=" + value + " is not there yet in djong 0.1: want nat");
      }
    }
    for (String option :
        List.of(
            BRIDGE + "inhibit_ipv4",
            BRIDGE + "trusted_host_interfaces",
            "com.docker.network.container_iface_prefix")) {
      String value = options.getOrDefault(option, "");
      if (!value.isEmpty() && !value.equals("false")) {
        throw new Fault.Unsupported(option + " is not there yet in djong 0.1");
      }
    }
  }

  static Families families(NewNetwork wanted) {
    boolean ipv4 = !Boolean.FALSE.equals(wanted.ipv4());
    Boolean asked = wanted.ipv6();
    boolean ipv6 = asked == null ? isDual(wanted) : asked;
    if (!ipv4 && !ipv6) {
      throw new Fault.Invalid("IPv4 or IPv6 must be enabled");
    }
    return new Families(ipv4, ipv6);
  }

  /// Bridges have both families where nobody says otherwise: by a flag, or by naming subnets, of
  /// which one of IPv6 says it too.
  private static boolean isDual(NewNetwork wanted) {
    if (wanted.pools().stream().anyMatch(pool -> text(pool.subnet()).indexOf(':') >= 0)) {
      return true;
    }
    return (wanted.driver().isEmpty() || wanted.driver().equals("bridge"))
        && wanted.pools().stream().allMatch(NetworkPlan::isEmpty)
        && Files.isDirectory(Path.of("/proc/sys/net/ipv6"));
  }

  private static List<Pool> pools(NewNetwork wanted) {
    Families families = families(wanted);
    List<Pool> pools = new ArrayList<>();
    for (NewPool asked : wanted.pools()) {
      if (isEmpty(asked)) {
        continue;
      }
      Pool pool = pool(asked);
      if (pool.isIpv6() ? families.ipv6() : families.ipv4()) {
        pools.add(pool);
      } else {
        throw invalid(
            "invalid subnet "
                + pool.subnet()
                + ": "
                + (pool.isIpv6() ? "IPv6" : "IPv4")
                + " has not been enabled for this network");
      }
    }
    return pools;
  }

  private static boolean isEmpty(NewPool asked) {
    return text(asked.subnet()).isEmpty()
        && text(asked.range()).isEmpty()
        && text(asked.gateway()).isEmpty()
        && asked.reserved().isEmpty();
  }

  private static Pool pool(NewPool asked) {
    Cidr subnet = cidr("subnet", text(asked.subnet()));
    if (!subnet.first().equals(subnet)) {
      throw invalid("invalid subnet " + subnet + ": it should be " + subnet.first());
    }
    Cidr range = null;
    if (!text(asked.range()).isEmpty()) {
      range = cidr("ip-range", text(asked.range()));
      if (range.prefix() < subnet.prefix() || !subnet.contains(range.address())) {
        throw invalid(
            "invalid ip-range "
                + range
                + ": parent subnet "
                + subnet
                + " doesn't contain ip-range");
      }
    }
    Map<String, InetAddress> reserved = new HashMap<>();
    asked
        .reserved()
        .forEach(
            (name, address) ->
                reserved.put(name, inside(subnet, address, "auxiliary address", name)));
    InetAddress gateway =
        text(asked.gateway()).isEmpty()
            ? free(subnet, new HashSet<>(reserved.values()))
            : inside(subnet, text(asked.gateway()), "gateway", text(asked.gateway()));
    return new Pool(subnet, gateway, range, reserved);
  }

  private static InetAddress free(Cidr subnet, Set<InetAddress> reserved) {
    int bits = subnet.address().getAddress().length * 8 - subnet.prefix();
    long offset = bits > 1 ? 1 : 0;
    while (reserved.contains(subnet.at(offset))) {
      offset++;
    }
    return subnet.at(offset);
  }

  private static InetAddress inside(Cidr subnet, String text, String what, String subject) {
    InetAddress address;
    try {
      address = Cidr.parseAddress(text);
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid(
          "invalid network config:\ninvalid " + what + " " + subject + ": invalid address", e);
    }
    if (!subnet.contains(address)) {
      throw invalid(
          "invalid "
              + what
              + " "
              + subject
              + ": parent subnet "
              + subnet
              + " doesn't contain this address");
    }
    return address;
  }

  private static Cidr cidr(String what, String text) {
    try {
      return Cidr.parse(text);
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid(
          "invalid network config:\ninvalid " + what + " " + text + ": invalid CIDR block notation",
          e);
    }
  }

  private static boolean truth(Map<String, String> options, String name) {
    String value = options.get(name);
    return switch (value == null ? "true" : value) {
      case "1", "t", "T", "true", "True", "TRUE" -> true;
      case "0", "f", "F", "false", "False", "FALSE" -> false;
      default ->
          throw new Fault.Invalid(
              "failed to parse " + name + " value: " + value + " (want true or false)");
    };
  }

  private static int mtu(Map<String, String> options, boolean ipv6) {
    String value = options.get(MTU);
    if (value == null || value.isEmpty()) {
      return 0;
    }
    int mtu;
    try {
      mtu = Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("failed to parse " + MTU + " value: " + value, e);
    }
    int least = ipv6 ? LEAST_MTU_OF_IPV6 : LEAST_MTU;
    if (mtu != 0 && (mtu < least || mtu > MOST_MTU)) {
      throw new Fault.Invalid("invalid MTU " + mtu + ": want " + least + " to " + MOST_MTU);
    }
    return mtu;
  }

  private static String text(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text;
  }

  private static Fault.Invalid invalid(String why) {
    return new Fault.Invalid("invalid network config:\n" + why);
  }
}
