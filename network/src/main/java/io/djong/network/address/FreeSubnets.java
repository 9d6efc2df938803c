package io.djong.network.address;

import io.djong.linux.Netlink;
import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.Network;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Chooses subnets that this host reaches nothing else by.
public final class FreeSubnets {
  private static final Path RESOLVERS = Path.of("/etc/resolv.conf");
  private static final int ETHERNET = 1500;

  private final Netlink netlink;

  public FreeSubnets(Netlink netlink) {
    this.netlink = netlink;
  }

  /// What the device has already, else a large subnet that no route, and no name server, is in.
  ///
  /// @throws Fault.Unavailable if there is none
  public Network.Pool choose(String device, List<Cidr> others) throws IOException {
    Network.Pool own = ofDevice(device);
    return own != null ? own : first(taken(others), large());
  }

  /// A small subnet that no route, and no name server, is in.
  ///
  /// @throws Fault.Unavailable if there is none
  public Network.Pool chooseSmall(List<Cidr> others) throws IOException {
    return first(taken(others), small());
  }

  private Network.@Nullable Pool ofDevice(String device) throws IOException {
    Netlink.Link link = netlink.link(device);
    for (Netlink.Address address : link == null ? List.<Netlink.Address>of() : addresses(link)) {
      return new Network.Pool(
          new Cidr(address.address(), address.prefix()).first(), address.address());
    }
    return null;
  }

  private List<Netlink.Address> addresses(Netlink.Link link) throws IOException {
    return netlink.addresses().stream()
        .filter(address -> address.device() == link.index())
        .filter(address -> address.address() instanceof Inet4Address)
        .toList();
  }

  private List<Cidr> taken(List<Cidr> others) throws IOException {
    List<Cidr> taken = nameServers();
    taken.addAll(others);
    for (Netlink.Route route : netlink.routes()) {
      if (route.destination() != null && route.v4() && route.prefix() > 0) {
        taken.add(new Cidr(route.destination(), route.prefix()));
      }
    }
    return taken;
  }

  static Network.Pool first(List<Cidr> taken) {
    return first(taken, large());
  }

  static Network.Pool firstSmall(List<Cidr> taken) {
    return first(taken, small());
  }

  private static Network.Pool first(List<Cidr> taken, Stream<Cidr> candidates) {
    return candidates
        .filter(candidate -> taken.stream().noneMatch(candidate::overlaps))
        .findFirst()
        .map(candidate -> new Network.Pool(candidate, candidate.at(1)))
        .orElseThrow(
            () ->
                new Fault.Unavailable(
                    "could not find an available, non-overlapping IPv4 address pool: this host has"
                        + " routes into all that could be; name a subnet"));
  }

  /// What a packet may be long on its way out: no larger than the device of the default route.
  public int mtu() throws IOException {
    for (Netlink.Route route : netlink.routes()) {
      if (route.destination() == null && route.v4()) {
        for (Netlink.Link link : netlink.links()) {
          if (link.index() == route.device()) {
            return Math.min(ETHERNET, link.mtu());
          }
        }
      }
    }
    return ETHERNET;
  }

  // Docker starts at 172.17 and counts up: from the other end, the two seldom meet.
  private static Stream<Cidr> large() {
    return Stream.of(
            IntStream.rangeClosed(0, 12).mapToObj(i -> "172." + (30 - i) + ".0.0/16"),
            IntStream.rangeClosed(0, 99).mapToObj(i -> "10." + (199 - i) + ".0.0/16"),
            IntStream.rangeClosed(0, 15).mapToObj(i -> "192.168." + (15 - i) * 16 + ".0/20"))
        .flatMap(texts -> texts)
        .map(Cidr::parse);
  }

  private static Stream<Cidr> small() {
    return Stream.of(
            IntStream.rangeClosed(0, 11).mapToObj(i -> "172." + (29 - i)),
            IntStream.rangeClosed(0, 99).mapToObj(i -> "10." + (199 - i)),
            Stream.of("192.168"))
        .flatMap(starts -> starts)
        .flatMap(start -> IntStream.rangeClosed(0, 255).mapToObj(i -> start + "." + i + ".0/24"))
        .map(Cidr::parse);
  }

  // Often reached by the default route, so no route of its own tells of it.
  private static List<Cidr> nameServers() throws IOException {
    List<Cidr> servers = new ArrayList<>();
    if (Files.isReadable(RESOLVERS)) {
      for (String line : Files.readAllLines(RESOLVERS)) {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length > 1 && words[0].equals("nameserver") && words[1].indexOf(':') < 0) {
          InetAddress server = Cidr.parseAddress(words[1]);
          servers.add(new Cidr(server, 32));
        }
      }
    }
    return servers;
  }
}
