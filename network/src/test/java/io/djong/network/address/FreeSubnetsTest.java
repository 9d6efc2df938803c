package io.djong.network.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Fault;
import io.djong.network.Cidr;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreeSubnetsTest {
  @Test
  void theFirstCandidateIsTakenOnAHostWithoutRoutes() {
    assertThat(FreeSubnets.first(List.of()).subnet()).isEqualTo(Cidr.parse("172.30.0.0/16"));
    assertThat(FreeSubnets.first(List.of()).gateway()).isEqualTo(Cidr.parseAddress("172.30.0.1"));
  }

  @Test
  void whatARouteLeadsIntoIsNotTaken() {
    List<Cidr> routes = List.of(Cidr.parse("172.30.7.0/24"), Cidr.parse("172.29.0.53/32"));

    assertThat(FreeSubnets.first(routes).subnet()).isEqualTo(Cidr.parse("172.28.0.0/16"));
  }

  @Test
  void whatLiesInsideALargerRouteIsNotTaken() {
    assertThat(FreeSubnets.first(List.of(Cidr.parse("172.16.0.0/12"))).subnet())
        .isEqualTo(Cidr.parse("10.199.0.0/16"));
  }

  @Test
  void aHostWithoutAFreeSubnetIsTold() {
    List<Cidr> routes =
        List.of(
            Cidr.parse("172.16.0.0/12"), Cidr.parse("10.0.0.0/8"), Cidr.parse("192.168.0.0/16"));

    assertThatThrownBy(() -> FreeSubnets.first(routes)).isInstanceOf(Fault.Unavailable.class);
  }
}
