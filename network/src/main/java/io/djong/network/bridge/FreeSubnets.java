package io.djong.network.bridge;

import io.djong.linux.Netlink;
import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Chooses subnets that this host reaches nothing else by.
final class FreeSubnets {
  private static final Path RESOLVERS = Path.of("/etc/resolv.conf");
  private static final int ETHERNET = 1500;

  private final Netlink netlink;

  FreeSubnets(Netlink netlink) {
    this.netlink = netlink;
  }

  /// What the device has already, else the first candidate that no route, and no name server, is
  /// in.
  ///
  /// @throws Fault.Unavailable if there is none
  Network.Pool choose(String device) throws IOException {
    Netlink.Link link = netlink.link(device);
    int own = link == null ? 0 : link.index();
    for (Netlink.Address address : netlink.addresses()) {
      if (own != 0 && address.device() == own && address.address().getAddress().length == 4) {
        return new Network.Pool(
            new Cidr(new Cidr(address.address(), address.prefix()).at(0), address.prefix()),
            address.address());
      }
    }
    List<Cidr> taken = nameServers();
    for (Netlink.Route route : netlink.routes()) {
      if (route.destination() != null && route.v4() && route.prefix() > 0) {
        taken.add(new Cidr(route.destination(), route.prefix()));
      }
    }
    return first(taken);
  }

  static Network.Pool first(List<Cidr> taken) {
    for (Cidr candidate : candidates().toList()) {
      if (taken.stream().noneMatch(other -> overlap(candidate, other))) {
        return new Network.Pool(candidate, candidate.at(1));
      }
    }
    throw new Fault.Unavailable(
        "no free subnet for the default network: this host has routes into all candidates; "
            + "configure one");
  }

  /// What a packet may be long on its way out: no larger than the device of the default route.
  int mtu() throws IOException {
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
  private static Stream<Cidr> candidates() {
    return Stream.of(
            IntStream.rangeClosed(0, 12).mapToObj(i -> "172." + (30 - i) + ".0.0/16"),
            IntStream.rangeClosed(0, 99).mapToObj(i -> "10." + (199 - i) + ".0.0/16"),
            IntStream.rangeClosed(0, 15).mapToObj(i -> "192.168." + (15 - i) * 16 + ".0/20"))
        .flatMap(texts -> texts)
        .map(Cidr::parse);
  }

  private static boolean overlap(Cidr one, Cidr other) {
    return one.contains(other.address()) || other.contains(one.address());
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
