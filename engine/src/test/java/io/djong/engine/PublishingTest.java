package io.djong.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Fault;
import io.djong.network.Cidr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishingTest {
  @Test
  void rangesAreReadAndThoseInOthersLeftOut() {
    assertThat(Publishing.ranges("10.1.2.3/8, 10.9.0.0/16,192.0.2.7,fd00::/8,fd01::1"))
        .containsExactly(
            Cidr.parse("10.0.0.0/8"), Cidr.parse("192.0.2.7/32"), Cidr.parse("fd00::/8"));
    assertThat(Publishing.ranges("10.9.0.0/16,10.8.0.0/16,10.0.0.0/8,10.0.0.0/8"))
        .containsExactly(Cidr.parse("10.0.0.0/8"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "10.0.0.0/33", "host", "10.0.0.0/8,"})
  void whatIsNoRangeIsRefused(String text) {
    assertThatThrownBy(() -> Publishing.ranges(text)).isInstanceOf(Fault.Invalid.class);
  }
}
