package io.djong.engine.container;

import io.djong.engine.network.RecordedNetworks;
import io.djong.model.Fault;
import io.djong.model.container.NetworkingConfig.EndpointConfig;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.EndpointRecord;
import io.djong.network.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Containers that others know by a name of their own (`--link`). On networks of users that is a
/// name alone. On the default network, which has no names, it is lines of `/etc/hosts` and
/// variables of the environment, as they are when the container is started.
final class Links {
  private Links() {}

  /// One link: `target:alias`, or a target alone.
  record Link(String target, String alias) {
    static Link parse(String text) {
      String[] parts = text.split(":", -1);
      String target = parts[0].startsWith("/") ? parts[0].substring(1) : parts[0];
      String alias = parts.length > 1 ? parts[1] : target;
      alias = alias.substring(alias.lastIndexOf('/') + 1);
      if (parts.length > 2 || target.isEmpty() || alias.isEmpty()) {
        throw new Fault.Invalid(
            text.isEmpty() ? "empty string specified for links" : "bad format for links: " + text);
      }
      return new Link(target, alias);
    }
  }

  /// @throws Fault.Invalid in Docker's words if there is no such container
  static void check(String text, ContainerRegister register) {
    String target = Link.parse(text).target();
    try {
      var _ = register.find(target);
    } catch (Fault.NotFound e) {
      throw new Fault.Invalid("could not get container for " + target + ": " + e.getMessage(), e);
    }
  }

  /// All that were asked for, of the container and of its places.
  static List<Link> of(ContainerRecord container) {
    List<Link> all = new ArrayList<>();
    add(all, container.host().links());
    for (EndpointConfig asked : AskedNetworks.of(container).values()) {
      add(all, asked.links());
    }
    return all;
  }

  private static void add(List<Link> all, @Nullable List<String> texts) {
    if (texts != null) {
      texts.forEach(text -> all.add(Link.parse(text)));
    }
  }

  /// The container that is meant by a name; null if none is linked by it.
  static @Nullable String target(ContainerRecord container, String name) {
    if (container.host().links() == null && AskedNetworks.of(container).isEmpty()) {
      return null;
    }
    for (Link link : of(container)) {
      if (link.alias().toLowerCase(Locale.ROOT).equals(name)) {
        return link.target();
      }
    }
    return null;
  }

  /// What the links of the default network give.
  ///
  /// @param hosts lines of `/etc/hosts`
  /// @param environment `NAME=value`
  record Given(List<String> hosts, List<String> environment) {}

  /// @throws Fault.Conflict in Docker's words if a container does not run
  static Given given(
      ContainerRecord container, ContainerRegister register, RecordedNetworks networks) {
    List<String> hosts = new ArrayList<>();
    List<String> environment = new ArrayList<>();
    for (Link link : onDefault(container)) {
      Container other = register.find(link.target());
      String bare = address(other, networks);
      if (bare == null) {
        throw new Fault.Conflict(
            "Cannot link to a non running container: /"
                + other.name()
                + " AS /"
                + container.name()
                + "/"
                + link.alias());
      }
      hosts.add(line(link, other, bare));
      variables(environment, container.name(), link.alias(), bare, other.record());
    }
    return new Given(hosts, environment);
  }

  /// The lines of `/etc/hosts` for those that run now.
  static List<String> hosts(
      ContainerRecord container, ContainerRegister register, RecordedNetworks networks) {
    List<String> hosts = new ArrayList<>();
    for (Link link : onDefault(container)) {
      Container other = found(link.target(), register);
      String bare = other == null ? null : address(other, networks);
      if (other != null && bare != null) {
        hosts.add(line(link, other, bare));
      }
    }
    return hosts;
  }

  /// Those that are lines and variables: the default network has no names.
  private static List<Link> onDefault(ContainerRecord container) {
    List<Link> all = new ArrayList<>();
    if (AskedNetworks.of(container).containsKey("bridge")) {
      add(all, container.host().links());
    }
    return all;
  }

  private static @Nullable Container found(String ref, ContainerRegister register) {
    try {
      return register.find(ref);
    } catch (Fault.NotFound e) {
      return null;
    }
  }

  /// That on the default network; null if the container does not run there.
  private static @Nullable String address(Container other, RecordedNetworks networks) {
    EndpointRecord endpoint = other.record().endpoints().get(networks.idOf("bridge"));
    String address = endpoint == null ? null : endpoint.address();
    return !other.isRunning() || address == null ? null : Cidr.text(Cidr.parse(address).address());
  }

  private static String line(Link link, Container other, String address) {
    return address
        + "\t"
        + link.alias()
        + " "
        + other.id().abbreviated()
        + (other.name().equals(link.alias()) ? "" : " " + other.name());
  }

  private static void variables(
      List<String> all, String owner, String alias, String address, ContainerRecord other) {
    String prefix = alias.toUpperCase(Locale.ROOT).replace('-', '_') + "_";
    all.add(prefix + "NAME=/" + owner + "/" + alias);
    boolean first = true;
    for (String exposed : new TreeSet<>(other.config().exposedPorts().keySet())) {
      int slash = exposed.indexOf('/');
      String number = slash < 0 ? exposed : exposed.substring(0, slash);
      String protocol = slash < 0 ? "tcp" : exposed.substring(slash + 1);
      String whole = protocol + "://" + address + ":" + number;
      if (first) {
        all.add(prefix + "PORT=" + whole);
        first = false;
      }
      String port = prefix + "PORT_" + number + "_" + protocol.toUpperCase(Locale.ROOT);
      all.add(port + "=" + whole);
      all.add(port + "_ADDR=" + address);
      all.add(port + "_PORT=" + number);
      all.add(port + "_PROTO=" + protocol);
    }
    for (String variable : other.config().env()) {
      if (!variable.startsWith("PATH=") && !variable.startsWith("HOME=")) {
        all.add(prefix + "ENV_" + variable);
      }
    }
  }
}
