package io.djong.network.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.network.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressesTest {
  private final Addresses addresses = addresses("192.0.2.0/29", "192.0.2.1");

  @Test
  void theLowestFreeAddressGoesFirst() {
    assertThat(addresses.take(null, Set.of())).isEqualTo(at("192.0.2.2"));
    assertThat(addresses.take(null, Set.of())).isEqualTo(at("192.0.2.3"));
    addresses.release(at("192.0.2.2"));
    assertThat(addresses.take(null, Set.of())).isEqualTo(at("192.0.2.2"));
  }

  @Test
  void addressesThatWereToBeLeftAreLeft() {
    assertThat(addresses.take(null, Set.of(at("192.0.2.2")))).isEqualTo(at("192.0.2.3"));
  }

  @Test
  void networkGatewayAndBroadcastAreNeverGiven() {
    for (int i = 2; i <= 6; i++) {
      assertThat(addresses.take(null, Set.of())).isEqualTo(at("192.0.2." + i));
    }
    assertThatThrownBy(() -> addresses.take(null, Set.of())).isInstanceOf(Fault.Unavailable.class);
  }

  @Test
  void aWantedAddressIsGivenOnce() {
    assertThat(addresses.take(at("192.0.2.5"), Set.of())).isEqualTo(at("192.0.2.5"));
    assertThatThrownBy(() -> addresses.take(at("192.0.2.5"), Set.of()))
        .isInstanceOf(Fault.Denied.class);
    assertThatThrownBy(() -> addresses.take(at("192.0.2.1"), Set.of()))
        .isInstanceOf(Fault.Denied.class);
    assertThatThrownBy(() -> addresses.take(at("198.51.100.1"), Set.of()))
        .isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void theGatewayIsNotGivenEvenIfReleased() {
    addresses.release(at("192.0.2.1"));

    assertThat(addresses.take(null, Set.of())).isEqualTo(at("192.0.2.2"));
  }

  @Test
  void anAdoptedAddressIsTaken() {
    addresses.adopt(at("192.0.2.2"));

    assertThat(addresses.take(null, Set.of())).isEqualTo(at("192.0.2.3"));
  }

  @Test
  void aPoolOfIpv6GivesItsLowestToo() {
    Addresses six = addresses("fd00:1::/64", "fd00:1::1");

    assertThat(six.take(null, Set.of())).isEqualTo(at("fd00:1::2"));
  }

  @Test
  void addressesAreDrawnFromTheRangeAndNeverThoseThatAreReserved() {
    Network.Pool pool =
        new Network.Pool(
            Cidr.parse("192.0.2.0/24"),
            at("192.0.2.1"),
            Cidr.parse("192.0.2.128/30"),
            java.util.Map.of("printer", at("192.0.2.129")));
    Addresses addresses =
        new Addresses(
            new Network("n", "n", "bridge", "n", List.of(pool), false, true, true, 1500, Map.of()),
            pool);

    assertThat(addresses.take(null, Set.of())).isEqualTo(at("192.0.2.128"));
    assertThat(addresses.take(null, Set.of())).isEqualTo(at("192.0.2.130"));
    assertThat(addresses.take(null, Set.of())).isEqualTo(at("192.0.2.131"));
    assertThatThrownBy(() -> addresses.take(null, Set.of())).isInstanceOf(Fault.Unavailable.class);
    assertThat(addresses.take(at("192.0.2.77"), Set.of())).isEqualTo(at("192.0.2.77"));
    assertThatThrownBy(() -> addresses.take(at("192.0.2.129"), Set.of()))
        .isInstanceOf(Fault.Denied.class);
  }

  @Test
  void anAddressFarInsideALargeSubnetIsGivenOnce() {
    Addresses six = addresses("fd00:1::/64", "fd00:1::1");

    assertThat(six.take(at("fd00:1::ffff:ffff:ffff"), Set.of()))
        .isEqualTo(at("fd00:1::ffff:ffff:ffff"));
    assertThatThrownBy(() -> six.take(at("fd00:1::ffff:ffff:ffff"), Set.of()))
        .isInstanceOf(Fault.Denied.class);
    six.release(at("fd00:1::ffff:ffff:ffff"));
    assertThat(six.take(at("fd00:1::ffff:ffff:ffff"), Set.of()))
        .isEqualTo(at("fd00:1::ffff:ffff:ffff"));
  }

  private static Addresses addresses(String subnet, String gateway) {
    Network.Pool pool = new Network.Pool(Cidr.parse(subnet), at(gateway));
    return new Addresses(
        new Network("n", "n", "bridge", "n", List.of(pool), false, true, true, 1500, Map.of()),
        pool);
  }

  private static InetAddress at(String address) {
    return Cidr.parseAddress(address);
  }
}
