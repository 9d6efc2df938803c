package io.djong.network.bridge;

import io.djong.linux.NftElements;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.Port;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One element of a set or map of our table, as a message and as text.
sealed interface RuleElement {
  /// The length of an interface's name in the kernel.
  int NAME = 16;

  String set();

  /// As nft(8) writes it between its braces.
  String text();

  void addTo(NftElements elements);

  void deleteFrom(NftElements elements);

  /// What makes a network known.
  static List<RuleElement> of(Network network) {
    List<RuleElement> all = new ArrayList<>();
    String device = network.device();
    all.add(new Devices("bridges", List.of(device)));
    if (network.internal()) {
      all.add(new Devices("internal", List.of(device)));
    }
    if (network.icc()) {
      all.add(new Devices("icc", List.of(device, device)));
    }
    for (Network.Pool pool : network.pools()) {
      String family = pool.isIpv6() ? "6" : "";
      all.add(new Subnet("subnets" + family, pool.subnet().first()));
      if (network.masquerade() && !network.internal()) {
        all.add(new Subnet("masqueraded" + family, pool.subnet().first()));
      }
    }
    return all;
  }

  /// What publishes the ports of an endpoint.
  static List<RuleElement> of(Endpoint endpoint) {
    List<RuleElement> all = new ArrayList<>();
    for (Port port : endpoint.ports()) {
      Cidr container =
          port.hostAddress() instanceof Inet4Address ? endpoint.address() : endpoint.address6();
      if (container != null) {
        all.add(new Published(port, container.address()));
      }
    }
    for (Cidr container : Arrays.asList(endpoint.address(), endpoint.address6())) {
      if (container != null) {
        addLimits(all, endpoint, container.address());
      }
    }
    return all;
  }

  private static void addLimits(List<RuleElement> all, Endpoint endpoint, InetAddress container) {
    List<Cidr> from =
        endpoint.ports().stream().flatMap(port -> port.from().stream()).distinct().toList();
    if (!from.isEmpty()) {
      all.add(new Limited(container));
      from.stream()
          .filter(range -> range.address().getClass() == container.getClass())
          .forEach(range -> all.add(new Guest(container, range.first())));
    }
  }

  /// The names of one or two devices.
  record Devices(String set, List<String> devices) implements RuleElement {
    @Override
    public String text() {
      return "\"" + String.join("\" . \"", devices) + "\"";
    }

    private byte[] key() {
      byte[] key = new byte[NAME * devices.size()];
      for (int i = 0; i < devices.size(); i++) {
        byte[] name = devices.get(i).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, key, i * NAME, name.length);
      }
      return key;
    }

    @Override
    public void addTo(NftElements elements) {
      elements.add(set, key());
    }

    @Override
    public void deleteFrom(NftElements elements) {
      elements.delete(set, key());
    }
  }

  /// A range of addresses.
  record Subnet(String set, Cidr range) implements RuleElement {
    @Override
    public String text() {
      return range.toString();
    }

    /// The first address that is not in it any more.
    private byte[] end() {
      byte[] end = range.address().getAddress();
      for (int bit = range.prefix(); bit < end.length * 8; bit++) {
        end[bit / 8] |= (byte) (0x80 >> (bit % 8));
      }
      for (int i = end.length - 1; i >= 0 && ++end[i] == 0; i--) {}
      return end;
    }

    private boolean isLast() {
      return Arrays.equals(end(), new byte[end().length]);
    }

    @Override
    public void addTo(NftElements elements) {
      elements.add(set, range.address().getAddress());
      if (!isLast()) {
        elements.addEnd(set, end());
      }
    }

    @Override
    public void deleteFrom(NftElements elements) {
      elements.delete(set, range.address().getAddress());
      if (!isLast()) {
        elements.deleteEnd(set, end());
      }
    }
  }

  /// The address of a container whose published ports are not for everybody.
  record Limited(InetAddress container) implements RuleElement {
    @Override
    public String set() {
      return "limited" + (container instanceof Inet4Address ? "" : "6");
    }

    @Override
    public String text() {
      return container.getHostAddress();
    }

    @Override
    public void addTo(NftElements elements) {
      elements.add(set(), container.getAddress());
    }

    @Override
    public void deleteFrom(NftElements elements) {
      elements.delete(set(), container.getAddress());
    }
  }

  /// Those who may come to such a container.
  record Guest(InetAddress container, Cidr range) implements RuleElement {
    @Override
    public String set() {
      return "guests" + (container instanceof Inet4Address ? "" : "6");
    }

    @Override
    public String text() {
      return container.getHostAddress() + " . " + range;
    }

    private byte[] first() {
      return NftElements.concatenation(container.getAddress(), range.address().getAddress());
    }

    private byte[] last() {
      return NftElements.concatenation(container.getAddress(), range.last().getAddress());
    }

    @Override
    public void addTo(NftElements elements) {
      elements.addRange(set(), first(), last());
    }

    @Override
    public void deleteFrom(NftElements elements) {
      elements.deleteRange(set(), first(), last());
    }
  }

  /// A published port.
  record Published(Port port, InetAddress container) implements RuleElement {
    private boolean anywhere() {
      return port.hostAddress().isAnyLocalAddress();
    }

    @Override
    public String set() {
      return "published"
          + (container instanceof Inet4Address ? "" : "6")
          + (anywhere() ? "_anywhere" : "");
    }

    private byte[] key() {
      byte[] protocol = {
        switch (port.protocol()) {
          case "tcp" -> 6;
          case "udp" -> 17;
          case "sctp" -> (byte) 132;
          default -> throw new IllegalArgumentException("no such protocol: " + port.protocol());
        }
      };
      byte[] number = NftElements.port(port.hostPort());
      return anywhere()
          ? NftElements.concatenation(protocol, number)
          : NftElements.concatenation(port.hostAddress().getAddress(), protocol, number);
    }

    private byte[] value() {
      return NftElements.concatenation(
          container.getAddress(), NftElements.port(port.containerPort()));
    }

    @Override
    public String text() {
      return (anywhere() ? "" : port.hostAddress().getHostAddress() + " . ")
          + port.protocol()
          + " . "
          + port.hostPort()
          + " : "
          + container.getHostAddress()
          + " . "
          + port.containerPort();
    }

    @Override
    public void addTo(NftElements elements) {
      elements.add(set(), key(), value());
    }

    @Override
    public void deleteFrom(NftElements elements) {
      elements.delete(set(), key(), value());
    }
  }
}
