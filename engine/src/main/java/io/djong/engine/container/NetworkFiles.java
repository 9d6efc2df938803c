package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.container.HostConfig;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.EndpointRecord;
import io.djong.network.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes what a container finds at `/etc/hosts`, `/etc/hostname` and `/etc/resolv.conf`.
final class NetworkFiles {
  private static final Path HOST_RESOLVER = Path.of("/etc/resolv.conf");
  private static final Path UPLINK_RESOLVER = Path.of("/run/systemd/resolve/resolv.conf");

  private NetworkFiles() {}

  static void write(
      ContainerFolders folders,
      ContainerRecord container,
      String hostname,
      Iterable<EndpointRecord> endpoints,
      List<String> linked)
      throws IOException {
    io.djong.model.ContainerId id = new io.djong.model.ContainerId(container.id());
    boolean hostNetwork = container.host().networkMode().equals("host");
    Files.writeString(folders.hostname(id), hostname + "\n");
    Files.writeString(
        folders.hosts(id), hosts(container, hostname, endpoints, hostNetwork, linked));
    Files.writeString(
        folders.resolvConf(id),
        AskedNetworks.haveNames(endpoints)
            ? namesServed(container.host())
            : resolver(container.host(), hostNetwork));
  }

  /// Writes anew what a change of networks changes. The files stay the same ones: they are mounted.
  ///
  /// @param linked the lines that links give
  static void rewrite(
      ContainerFolders folders,
      ContainerRecord container,
      Iterable<EndpointRecord> endpoints,
      List<String> linked)
      throws IOException {
    io.djong.model.ContainerId id = new io.djong.model.ContainerId(container.id());
    String hostname = container.config().hostname();
    Files.writeString(
        folders.hosts(id),
        hosts(container, hostname == null ? "" : hostname, endpoints, false, linked));
    if (AskedNetworks.haveNames(endpoints)) {
      Files.writeString(folders.resolvConf(id), namesServed(container.host()));
    }
  }

  /// For a container to which names are served: what they mean is decided there.
  private static String namesServed(HostConfig host) throws IOException {
    List<String> lines =
        Files.isReadable(HOST_RESOLVER) ? Files.readAllLines(HOST_RESOLVER) : List.of();
    StringBuilder text = new StringBuilder("nameserver 127.0.0.11\n");
    append(text, "search", words(host.dnsSearch(), lines, "search"));
    List<String> options = new ArrayList<>(words(host.dnsOptions(), lines, "options"));
    if (options.stream().noneMatch(option -> option.startsWith("ndots:"))) {
      // A name with no dot is a container's first of all.
      options.add("ndots:0");
    }
    append(text, "options", options);
    return text.toString();
  }

  private static String hosts(
      ContainerRecord container,
      String hostname,
      Iterable<EndpointRecord> endpoints,
      boolean hostNetwork,
      List<String> linked)
      throws IOException {
    StringBuilder text = new StringBuilder();
    Path own = Path.of("/etc/hosts");
    if (hostNetwork && Files.isReadable(own)) {
      text.append(Files.readString(own));
    } else {
      text.append(
          """
          127.0.0.1\tlocalhost
          ::1\tlocalhost ip6-localhost ip6-loopback
          fe00::\tip6-localnet
          ff00::\tip6-mcastprefix
          ff02::1\tip6-allnodes
          ff02::2\tip6-allrouters
          """);
    }
    String gateway = null;
    String names = names(container, hostname);
    StringBuilder places = new StringBuilder();
    for (EndpointRecord endpoint : inOrder(endpoints)) {
      gateway = gateway == null ? endpoint.gateway() : gateway;
      place(places, endpoint.address(), names);
      place(places, endpoint.address6(), names);
    }
    List<String> extra = container.host().extraHosts();
    for (String line : extra == null ? List.<String>of() : extra) {
      text.append(extraHost(line, gateway)).append('\n');
    }
    linked.forEach(line -> text.append(line).append('\n'));
    return text.append(places).toString();
  }

  private static List<EndpointRecord> inOrder(Iterable<EndpointRecord> endpoints) {
    List<EndpointRecord> all = new ArrayList<>();
    endpoints.forEach(all::add);
    all.sort(Comparator.comparing(EndpointRecord::device));
    return all;
  }

  private static String names(ContainerRecord container, String hostname) {
    String domain = container.config().domainname();
    return domain == null || domain.isEmpty() ? hostname : hostname + "." + domain + " " + hostname;
  }

  private static void place(StringBuilder text, @Nullable String address, String names) {
    if (address != null) {
      text.append(Cidr.text(Cidr.parse(address).address())).append('\t').append(names).append('\n');
    }
  }

  /// `name:address` or `name=address`.
  private static String extraHost(String line, @Nullable String gateway) {
    int at = line.indexOf('=') > 0 ? line.indexOf('=') : line.indexOf(':');
    if (at <= 0 || line.indexOf('\n') >= 0) {
      throw new Fault.Invalid("bad format for add-host: \"" + line + "\"");
    }
    String address = line.substring(at + 1);
    if (address.equals("host-gateway")) {
      if (gateway == null) {
        throw new Fault.Invalid(
            "unable to derive the IP value for host-gateway: the container is in no network");
      }
      address = gateway;
    }
    return Cidr.text(Cidr.parseAddress(address)) + "\t" + line.substring(0, at);
  }

  private static String resolver(HostConfig host, boolean hostNetwork) throws IOException {
    List<String> lines =
        Files.isReadable(HOST_RESOLVER) ? Files.readAllLines(HOST_RESOLVER) : List.of();
    if (hostNetwork
        && host.dns() == null
        && host.dnsSearch() == null
        && host.dnsOptions() == null) {
      return String.join("\n", lines) + "\n";
    }
    List<String> servers = servers(host.dns(), lines, hostNetwork);
    StringBuilder text = new StringBuilder();
    servers.forEach(server -> text.append("nameserver ").append(server).append('\n'));
    append(text, "search", words(host.dnsSearch(), lines, "search"));
    append(text, "options", words(host.dnsOptions(), lines, "options"));
    return text.toString();
  }

  private static List<String> servers(
      @Nullable List<String> asked, List<String> lines, boolean hostNetwork) throws IOException {
    if (asked != null && !asked.isEmpty()) {
      asked.forEach(Cidr::parseAddress);
      return asked;
    }
    List<String> servers = words(null, lines, "nameserver");
    if (hostNetwork) {
      return servers;
    }
    List<String> reachable = reachable(servers);
    if (reachable.isEmpty() && Files.isReadable(UPLINK_RESOLVER)) {
      reachable = reachable(words(null, Files.readAllLines(UPLINK_RESOLVER), "nameserver"));
    }
    // As Docker: without any server of the host's that a container reaches, public ones.
    return reachable.isEmpty() ? List.of("8.8.8.8", "8.8.4.4") : reachable;
  }

  /// The host's loopback is not the container's.
  private static List<String> reachable(List<String> servers) {
    return servers.stream()
        .filter(server -> !server.startsWith("127.") && !server.equals("::1"))
        .toList();
  }

  private static List<String> words(
      @Nullable List<String> asked, List<String> lines, String keyword) {
    if (asked != null && !asked.isEmpty()) {
      return asked.equals(List.of(".")) ? List.of() : asked;
    }
    List<String> all = new ArrayList<>();
    for (String line : lines) {
      List<String> words = List.of(line.strip().split("\\s+", -1));
      if (words.getFirst().equals(keyword)) {
        all.addAll(words.subList(1, words.size()));
      }
    }
    return all;
  }

  private static void append(StringBuilder text, String keyword, List<String> words) {
    if (!words.isEmpty()) {
      text.append(keyword).append(' ').append(String.join(" ", words)).append('\n');
    }
  }
}
