package io.djong.network.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.linux.Nftables;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.NetworkDriver.Endpoint;
import io.djong.network.NetworkDriver.Port;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// `whole.nft` is there to be read and reviewed: it is what the kernel is given for two networks
/// and two containers.
class RuleSetTest {
  private static final String TABLE = "network-rules";

  private final RuleSet rules = new RuleSet(TABLE);
  private final Network bridge = network("djong0", "172.30.0.0/16", false, true);
  private final Network internal = network("djong1", "172.29.0.0/16", true, false);
  private final Network dual =
      network("djong2", "172.28.0.0/16", false, true)
          .withPools(
              List.of(
                  new Network.Pool(Cidr.parse("172.28.0.0/16"), Cidr.parseAddress("172.28.0.1")),
                  new Network.Pool(Cidr.parse("fd00:7::/64"), Cidr.parseAddress("fd00:7::1"))));
  private final Endpoint web =
      endpoint(
          bridge,
          "172.30.0.2",
          port(80, "tcp", "0.0.0.0", 8080),
          port(53, "udp", "127.0.0.1", 5353));
  private final Endpoint silent = endpoint(internal, "172.29.0.2");

  @Test
  void theWholeTableIsTheReviewedText() throws IOException {
    assertThat(rules.everything(List.of(bridge, internal), List.of(web, silent)))
        .isEqualTo(resource("whole.nft"));
  }

  @Test
  void elementsSentAsMessagesAreThoseOfTheText() throws IOException {
    try (Nftables nft = Nftables.open()) {
      try {
        nft.run(rules.made() + rules.everything(List.of(bridge, internal), List.of(web, silent)));
        String asText = nft.run("list table inet " + TABLE);
        nft.run(rules.cleared() + rules.everything(List.of(bridge, internal), List.of()));
        String without = nft.run("list table inet " + TABLE);
        nft.apply(rules.add(web));
        nft.apply(rules.add(silent));

        assertThat(nft.run("list table inet " + TABLE)).isEqualTo(asText).isNotEqualTo(without);

        nft.apply(rules.remove(web));
        nft.apply(rules.remove(web));
        assertThat(nft.run("list table inet " + TABLE)).isEqualTo(without);
      } finally {
        nft.delete(TABLE);
      }
    }
  }

  @Test
  void guestsSentAsMessagesAreThoseOfTheText() throws IOException {
    Endpoint guarded =
        endpoint(
            bridge,
            "172.30.0.3",
            new Port(
                80,
                "tcp",
                Cidr.parseAddress("0.0.0.0"),
                81,
                81,
                List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("192.0.2.7/32"))));
    try (Nftables nft = Nftables.open()) {
      try {
        nft.run(rules.made() + rules.everything(List.of(bridge), List.of(guarded)));
        String asText = nft.run("list table inet " + TABLE);
        nft.run(rules.cleared() + rules.everything(List.of(bridge), List.of()));
        nft.apply(rules.add(guarded));

        assertThat(nft.run("list table inet " + TABLE))
            .isEqualTo(asText)
            .contains("172.30.0.3 . 10.0.0.0/8")
            .contains("172.30.0.3 . 192.0.2.7");
        nft.apply(rules.remove(guarded));
        nft.apply(rules.remove(guarded));
        assertThat(nft.run("list table inet " + TABLE)).doesNotContain("172.30.0.3");
      } finally {
        nft.delete(TABLE);
      }
    }
  }

  @Test
  void aNetworkIsTakenOutWithAllItsElements() throws IOException {
    try (Nftables nft = Nftables.open()) {
      try {
        nft.run(rules.made() + rules.everything(List.of(bridge), List.of()));
        String before = nft.run("list table inet " + TABLE);
        nft.apply(rules.add(internal));
        nft.apply(rules.remove(internal));
        nft.apply(rules.remove(internal));

        assertThat(nft.run("list table inet " + TABLE)).isEqualTo(before);
      } finally {
        nft.delete(TABLE);
      }
    }
  }

  @Test
  void networksSentAsMessagesAreThoseOfTheText() throws IOException {
    try (Nftables nft = Nftables.open()) {
      try {
        nft.run(rules.made() + rules.everything(List.of(bridge, internal, dual), List.of()));
        String asText = nft.run("list table inet " + TABLE);
        nft.run(rules.cleared());
        for (Network network : List.of(bridge, internal, dual)) {
          nft.apply(rules.add(network));
        }

        assertThat(nft.run("list table inet " + TABLE)).isEqualTo(asText).contains("fd00:7::/64");
      } finally {
        nft.delete(TABLE);
      }
    }
  }

  private static Network network(String device, String subnet, boolean internal, boolean icc) {
    Cidr range = Cidr.parse(subnet);
    return new Network(
        device,
        device,
        "bridge",
        device,
        List.of(new Network.Pool(range, range.at(1))),
        internal,
        icc,
        true,
        1500,
        Map.of());
  }

  private static Port port(int container, String protocol, String host, int hostPort) {
    return new Port(container, protocol, Cidr.parseAddress(host), hostPort);
  }

  private static Endpoint endpoint(Network network, String address, Port... ports) {
    InetAddress own = Cidr.parseAddress(address);
    return new Endpoint(
        address,
        "c",
        network.id(),
        "eth0",
        "dj0",
        "02:42:00:00:00:00",
        new Cidr(own, 16),
        null,
        null,
        null,
        List.of(ports));
  }

  private static String resource(String name) throws IOException {
    try (InputStream file = RuleSetTest.class.getResourceAsStream(name)) {
      return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
