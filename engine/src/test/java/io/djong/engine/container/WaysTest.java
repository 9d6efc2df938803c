package io.djong.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.model.container.NetworkingConfig.EndpointConfig;
import io.djong.network.Cidr;
import io.djong.network.Network;
import io.djong.network.Network.Pool;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// By which network a container reaches the outside.
class WaysTest {
  private static Network network(String name, boolean internal, String... gateways) {
    List<Pool> pools =
        Stream.of(gateways)
            .map(Cidr::parse)
            .map(cidr -> new Pool(cidr.first(), cidr.address()))
            .toList();
    return new Network(name, name, "bridge", name, pools, internal, true, true, 1500, Map.of());
  }

  private static EndpointConfig priority(int priority) {
    return new EndpointConfig(null, null, null, null, null, priority);
  }

  private final Network anna = network("anna", false, "192.0.2.1/24");
  private final Network bert = network("bert", false, "198.51.100.1/24", "fd00::1/64");
  private final Network cellar = network("cellar", true, "203.0.113.1/24");

  @Test
  void amongEqualsTheFirstByNameForEachFamily() {
    Ways ways = Ways.of(Map.of(bert, priority(0), anna, priority(0)));

    assertThat(ways.ipv4()).isEqualTo(anna);
    assertThat(ways.ipv6()).isEqualTo(bert);
    assertThat(ways.out()).isEqualTo(anna);
  }

  @Test
  void theHighestPriorityWins() {
    assertThat(Ways.of(Map.of(bert, priority(1), anna, priority(0))).out()).isEqualTo(bert);
    assertThat(Ways.of(Map.of(bert, priority(-2), anna, priority(-3))).out()).isEqualTo(bert);
  }

  @Test
  void anInternalNetworkLeadsNowhere() {
    assertThat(Ways.of(Map.of(cellar, priority(9))).out()).isNull();
    assertThat(Ways.of(Map.of(cellar, priority(9), anna, priority(0))).out()).isEqualTo(anna);
  }
}
