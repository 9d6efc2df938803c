package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.container.NetworkingConfig.Addresses;
import io.djong.model.container.NetworkingConfig.EndpointConfig;
import io.djong.network.Cidr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What was asked of the device of an endpoint beyond its addresses: its name, its kernel
/// parameters (Docker's options `com.docker.network.endpoint.ifname` and `.sysctls`) and addresses
/// of the link. Options that are not known are kept and shown, and do nothing, as under Docker.
/// Pure.
///
/// @param device null leaves the choice to the engine
/// @param parameters by their path below `/proc/sys`, in which [#DEVICE] stands for the device
/// @param near with the prefix of their family: 16 or 64
record EndpointOptions(@Nullable String device, Map<String, String> parameters, List<Cidr> near) {
  static final String DEVICE = "IFNAME";

  private static final String PREFIX = "com.docker.network.endpoint.";
  private static final int LONGEST_DEVICE = 15;
  private static final Pattern PARAMETER =
      Pattern.compile("(net\\.(?:ipv4|ipv6|mpls)\\.[\\w-]+)\\.(?i:IFNAME)\\.([\\w-]+)=(.*)");

  /// @throws io.djong.model.Fault.Invalid if there is something [#problems] names
  static EndpointOptions of(EndpointConfig asked) {
    String device = option(asked, "ifname");
    Map<String, String> parameters = new TreeMap<>();
    for (String text : parameters(asked)) {
      Matcher found = PARAMETER.matcher(text);
      if (found.matches()) {
        parameters.put(
            found.group(1).replace('.', '/') + "/" + DEVICE + "/" + found.group(2), found.group(3));
      }
    }
    List<Cidr> near = new ArrayList<>();
    for (String text : near(asked.ipamConfig())) {
      InetAddress address = Cidr.parseAddress(text);
      near.add(new Cidr(address, address instanceof Inet4Address ? 16 : 64));
    }
    return new EndpointOptions(device.isEmpty() ? null : device, parameters, near);
  }

  /// What cannot be, in sentences; empty if all is well.
  static List<String> problems(EndpointConfig asked) {
    List<String> wrong = new ArrayList<>();
    String device = option(asked, "ifname");
    if (!device.isEmpty() && !mayBeDevice(device)) {
      wrong.add(
          "invalid interface name \""
              + device
              + "\": want at most "
              + LONGEST_DEVICE
              + " characters, without slash, colon and space");
    }
    for (String text : parameters(asked)) {
      if (!PARAMETER.matcher(text).matches()) {
        wrong.add(
            "unrecognised network interface sysctl '"
                + text
                + "'; represent 'net.X.Y.ethN.Z=V' as 'net.X.Y.IFNAME.Z=V', 'X' must be 'ipv4',"
                + " 'ipv6' or 'mpls'");
      }
    }
    for (String text : near(asked.ipamConfig())) {
      if (!isNear(text)) {
        wrong.add("invalid link-local IP address: " + text);
      }
    }
    return wrong;
  }

  /// The parameters of a device of this name.
  Map<String, String> parameters(String name) {
    Map<String, String> all = new TreeMap<>();
    parameters.forEach((path, value) -> all.put(path.replace(DEVICE, name), value));
    return all;
  }

  boolean isEmpty() {
    return parameters.isEmpty() && near.isEmpty();
  }

  private static boolean mayBeDevice(String name) {
    return name.length() <= LONGEST_DEVICE
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().allMatch(c -> c > ' ' && c < 127 && c != '/' && c != ':' && c != '%');
  }

  private static boolean isNear(String text) {
    try {
      return Cidr.parseAddress(text).isLinkLocalAddress();
    } catch (Fault.Invalid e) {
      return false;
    }
  }

  private static String option(EndpointConfig asked, String name) {
    Map<String, String> options = asked.driverOpts();
    return options == null ? "" : options.getOrDefault(PREFIX + name, "");
  }

  private static List<String> parameters(EndpointConfig asked) {
    String all = option(asked, "sysctls");
    return all.isEmpty() ? List.of() : List.of(all.split(",", -1));
  }

  private static List<String> near(@Nullable Addresses addresses) {
    List<String> near = addresses == null ? null : addresses.linkLocalIps();
    return near == null ? List.of() : near;
  }
}
