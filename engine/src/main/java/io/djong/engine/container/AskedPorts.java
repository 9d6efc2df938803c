package io.djong.engine.container;

import io.djong.engine.Publishing;
import io.djong.model.Fault;
import io.djong.model.container.HostConfig;
import io.djong.model.container.HostConfig.PortBinding;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.NetworkDriver.Port;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which ports a container is to publish. Pure.
final class AskedPorts {
  private static final PortBinding ANYWHERE = new PortBinding("", "");

  /// Who may come to the ports of a container: djong's own, so an annotation.
  private static final String FROM = "io.djong.publish-from";

  private AskedPorts() {}

  /// @throws Fault.Invalid if ports make no sense
  static void check(HostConfig host) {
    all(host, Set.of(), List.of(Cidr.parseAddress("0.0.0.0")), guests(host, List.of()));
  }

  /// More ports of a container, as a network's endpoint publishes them.
  static List<Port> more(
      HostConfig host,
      Map<String, List<PortBinding>> bindings,
      Network network,
      Publishing publishing) {
    return all(bindings, unsaid(network, publishing), guests(host, publishing.from()));
  }

  /// Whether a published port is one of these.
  static boolean names(
      Map<String, List<PortBinding>> bindings,
      int containerPort,
      String protocol,
      InetAddress hostAddress,
      int hostPort) {
    for (PortBinding binding : bindings.getOrDefault(containerPort + "/" + protocol, List.of())) {
      boolean port = binding.hostPort().isEmpty();
      boolean address = binding.hostIp().isEmpty() || address(binding.hostIp()).equals(hostAddress);
      if (address && (port || binding.hostPort().equals(String.valueOf(hostPort)))) {
        return true;
      }
    }
    return false;
  }

  /// Those that are published by a network's endpoint.
  ///
  /// @param publishing how, where nobody says
  static List<Port> of(
      HostConfig host, Set<String> exposed, Network network, Publishing publishing) {
    return all(host, exposed, unsaid(network, publishing), guests(host, publishing.from()));
  }

  private static List<InetAddress> unsaid(Network network, Publishing publishing) {
    String option =
        network.options().getOrDefault("com.docker.network.bridge.host_binding_ipv4", "");
    InetAddress address = address(option.isEmpty() ? publishing.address() : option);
    List<InetAddress> unsaid = new ArrayList<>();
    boolean ipv4 = address instanceof Inet4Address;
    if (ipv4 ? network.hasIpv4() : network.hasIpv6()) {
      unsaid.add(address);
    }
    if (ipv4 && network.hasIpv6() && address.isAnyLocalAddress()) {
      unsaid.add(Cidr.parseAddress("::"));
    } else if (ipv4 && network.hasIpv6() && address.isLoopbackAddress()) {
      unsaid.add(Cidr.parseAddress("::1"));
    }
    return unsaid;
  }

  private static List<Cidr> guests(HostConfig host, List<Cidr> others) {
    String said = host.annotations().get(FROM);
    return said == null ? others : Publishing.ranges(said);
  }

  private static List<Port> all(
      Map<String, List<PortBinding>> asked, List<InetAddress> unsaid, List<Cidr> from) {
    List<Port> all = new ArrayList<>();
    for (Map.Entry<String, List<PortBinding>> entry : new TreeMap<>(asked).entrySet()) {
      List<PortBinding> bindings = entry.getValue();
      for (PortBinding binding :
          bindings == null || bindings.isEmpty() ? List.of(ANYWHERE) : bindings) {
        all.addAll(ports(entry.getKey(), binding, unsaid, from));
      }
    }
    return all;
  }

  private static List<Port> all(
      HostConfig host, Set<String> exposed, List<InetAddress> unsaid, List<Cidr> from) {
    List<Port> all = all(host.portBindings(), unsaid, from);
    if (host.publishAllPorts()) {
      for (String port : new java.util.TreeSet<>(exposed)) {
        if (!host.portBindings().containsKey(port)) {
          all.addAll(ports(port, ANYWHERE, unsaid, from));
        }
      }
    }
    return all;
  }

  private static List<Port> ports(
      String containerPort, PortBinding binding, List<InetAddress> unsaid, List<Cidr> from) {
    int slash = containerPort.indexOf('/');
    String number = slash < 0 ? containerPort : containerPort.substring(0, slash);
    String protocol = slash < 0 ? "tcp" : containerPort.substring(slash + 1);
    if (!Set.of("tcp", "udp", "sctp").contains(protocol)) {
      throw new Fault.Invalid("invalid port specification: \"" + containerPort + "\"");
    }
    int inside = number(number, 1);
    String range = binding.hostPort();
    int dash = range.indexOf('-');
    int first = range.isEmpty() ? 0 : number(dash < 0 ? range : range.substring(0, dash), 0);
    int last = dash < 0 ? first : number(range.substring(dash + 1), 0);
    if (last < first) {
      throw new Fault.Invalid("invalid port specification: \"" + range + "\"");
    }
    List<InetAddress> addresses =
        binding.hostIp().isEmpty() ? unsaid : List.of(address(binding.hostIp()));
    return addresses.stream()
        .map(address -> new Port(inside, protocol, address, first, last, from))
        .toList();
  }

  private static InetAddress address(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    InetAddress address = Cidr.parseAddress(bare);
    if (address instanceof Inet6Address six && six.getScopeId() != 0) {
      throw new Fault.Invalid("invalid IP address \"" + text + "\": a zone is not supported");
    }
    return address;
  }

  private static int number(String text, int least) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= 65535) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid port specification: \"" + text + "\"", e);
    }
    throw new Fault.Invalid("invalid port specification: \"" + text + "\"");
  }
}
