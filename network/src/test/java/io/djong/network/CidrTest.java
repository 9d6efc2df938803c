package io.djong.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {
  /// Examples of RFC 5952, sections 4 and 5.
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "fd00:0:0:0:0:0:0:2, fd00::2",
    "2001:0DB8:0:0:8:800:200C:417A, 2001:db8::8:800:200c:417a",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "fd00:1:0:0:0:0:0:0, fd00:1::",
  })
  void anAddressHasOneForm(String given, String form) {
    assertThat(Cidr.text(Cidr.parseAddress(given))).isEqualTo(form);
    assertThat(Cidr.parseAddress(form)).isEqualTo(Cidr.parseAddress(given));
  }
}
