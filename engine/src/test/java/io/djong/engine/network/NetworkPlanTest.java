package io.djong.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.engine.Networks.NewNetwork;
import io.djong.engine.Networks.NewPool;
import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.Network;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is read from the request for a network.
class NetworkPlanTest {
  private static final String ID = "ab".repeat(32);

  private static NewNetwork wanted(Map<String, String> options, NewPool... pools) {
    return new NewNetwork(
        "n", "", false, false, null, true, "", Map.of(), List.of(pools), options, Map.of());
  }

  private static NewPool pool(String subnet, @Nullable String range, @Nullable String gateway) {
    return new NewPool(subnet, range, gateway, Map.of());
  }

  @Test
  void theGatewayIsTheFirstAddressThatIsNotReserved() {
    Network network =
        NetworkPlan.of(
            ID,
            wanted(
                Map.of(),
                new NewPool("192.0.2.0/24", null, null, Map.of("router", "192.0.2.1")),
                new NewPool("fd00::/64", null, null, Map.of())));

    assertThat(network.pools().getFirst().gateway()).isEqualTo(Cidr.parseAddress("192.0.2.2"));
    assertThat(network.pools().getLast().gateway()).isEqualTo(Cidr.parseAddress("fd00::1"));
    assertThat(network.device()).isEqualTo("br-abababababab");
  }

  @Test
  void optionsOfDockersBridgeAreRead() {
    Network network =
        NetworkPlan.of(
            ID,
            wanted(
                Map.of(
                    "com.docker.network.bridge.name", "quay0",
                    "com.docker.network.bridge.enable_icc", "false",
                    "com.docker.network.bridge.enable_ip_masquerade", "0",
                    "com.docker.network.driver.mtu", "1400")));

    assertThat(network.device()).isEqualTo("quay0");
    assertThat(network.icc()).isFalse();
    assertThat(network.masquerade()).isFalse();
    assertThat(network.mtu()).isEqualTo(1400);
  }

  @ParameterizedTest
  @CsvSource({
    "hugo,,,invalid CIDR block notation",
    "192.0.2.1/24,,,it should be 192.0.2.0/24",
    "192.0.2.0/24,198.51.100.0/28,,doesn't contain ip-range",
    "192.0.2.0/24,192.0.0.0/16,,doesn't contain ip-range",
    "192.0.2.0/24,,198.51.100.1,doesn't contain this address",
    "192.0.2.0/24,,fd00::1,doesn't contain this address",
    "192.0.2.0/33,,,invalid CIDR block notation",
    "'',192.0.2.0/24,,invalid CIDR block notation",
  })
  void addressesThatDoNotFitAreRefused(String subnet, String range, String gateway, String words) {
    NewNetwork wanted = wanted(Map.of(), pool(subnet, range, gateway));

    assertThatThrownBy(() -> NetworkPlan.of(ID, wanted))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource({
    "com.docker.network.bridge.enable_icc,hugo",
    "com.docker.network.driver.mtu,hugo",
    "com.docker.network.driver.mtu,67",
    "com.docker.network.driver.mtu,65536",
  })
  void optionsThatMakeNoSenseAreRefused(String option, String value) {
    assertThatThrownBy(() -> NetworkPlan.of(ID, wanted(Map.of(option, value))))
        .isInstanceOf(Fault.Invalid.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'',,'',true",
    "'',,192.0.2.0/24,false",
    "'',,fd00::/64,true",
    "'',false,'',false",
    "'',true,192.0.2.0/24,true",
    "macvlan,,'',false",
  })
  void aBridgeHasBothFamiliesUnlessSomebodySaysOtherwise(
      String driver, Boolean asked, String subnet, boolean both) {
    NewNetwork wanted =
        new NewNetwork(
            "n",
            driver,
            false,
            false,
            null,
            asked,
            "",
            Map.of(),
            subnet.isEmpty() ? List.of() : List.of(pool(subnet, null, null)),
            Map.of(),
            Map.of());

    assertThat(NetworkPlan.families(wanted).ipv6()).isEqualTo(both);
  }

  @ParameterizedTest
  @CsvSource({
    "com.docker.network.bridge.gateway_mode_ipv4,routed",
    "com.docker.network.bridge.inhibit_ipv4,true",
    "com.docker.network.container_iface_prefix,lan",
  })
  void optionsThatWouldChangeWhoReachesWhomAreNotPassedOver(String option, String value) {
    assertThatThrownBy(() -> NetworkPlan.of(ID, wanted(Map.of(option, value))))
        .isInstanceOf(Fault.Unsupported.class)
        .hasMessageContaining(option);
  }
}
