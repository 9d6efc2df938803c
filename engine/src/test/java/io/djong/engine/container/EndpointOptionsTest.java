package io.djong.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.model.container.NetworkingConfig.Addresses;
import io.djong.model.container.NetworkingConfig.EndpointConfig;
import io.djong.network.Cidr;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointOptionsTest {
  private static final String PREFIX = "com.docker.network.endpoint.";

  private static EndpointConfig asked(Map<String, String> options, String... near) {
    return new EndpointConfig(
        new Addresses(null, null, List.of(near)), null, null, null, options, 0);
  }

  @Test
  void parametersNameTheDeviceTheyAreOf() {
    EndpointOptions options =
        EndpointOptions.of(
            asked(
                Map.of(
                    PREFIX + "sysctls",
                    "net.ipv4.conf.IFNAME.log_martians=1,net.ipv6.conf.ifname.hop_limit=9")));

    assertThat(options.parameters("eth0.7"))
        .isEqualTo(
            Map.of(
                "net/ipv4/conf/eth0.7/log_martians", "1", "net/ipv6/conf/eth0.7/hop_limit", "9"));
  }

  @Test
  void noParameterLeadsElsewhere() {
    for (String text :
        List.of(
            "kernel.panic=1",
            "net.ipv4.conf.eth0.log_martians=1",
            "net.ipv4.../../kernel.IFNAME.x=1",
            "net.ipv4.conf.IFNAME.../x=1",
            "net.ipv4.conf.IFNAME.a/b=1",
            "")) {
      Map<String, String> options = Map.of(PREFIX + "sysctls", text + ",net.ipv4.conf.IFNAME.x=1");
      assertThat(EndpointOptions.problems(asked(options))).as(text).hasSize(1);
    }
  }

  @Test
  void addressesOfTheLinkHaveThePrefixOfTheirFamily() {
    EndpointConfig asked = asked(Map.of(), "169.254.3.4", "fe80::7");
    assertThat(EndpointOptions.problems(asked)).isEmpty();
    assertThat(EndpointOptions.of(asked).near())
        .containsExactly(Cidr.parse("169.254.3.4/16"), Cidr.parse("fe80::7/64"));
    assertThat(EndpointOptions.problems(asked(Map.of(), "8.8.8.8", "fd00::1", "x")))
        .containsExactly(
            "invalid link-local IP address: 8.8.8.8",
            "invalid link-local IP address: fd00::1",
            "invalid link-local IP address: x");
  }
}
