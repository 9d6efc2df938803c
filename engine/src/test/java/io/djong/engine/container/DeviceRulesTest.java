package io.djong.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Fault;
import io.djong.model.spec.LinuxResources.DeviceRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeviceRulesTest {
  @Test
  void aRuleNamesATypeNumbersAndAccess() {
    assertThat(DeviceRules.of(List.of("c 1:* rw", "b 8:0 m")))
        .containsExactly(
            new DeviceRule(true, "c", 1L, null, "rw"), new DeviceRule(true, "b", 8L, 0L, "m"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c",
        "c 1:3",
        "x 1:3 r",
        "c 1 r",
        "c 1:3 x",
        "c 1:3 ",
        "c -1:3 r",
        "c +1:3 r",
        "c 1:3 rwmr",
        "c 1:3 r m",
        "c 99999999999999999999:3 r"
      })
  void whatIsNoRuleIsRefusedInDockersWords(String rule) {
    assertThatThrownBy(() -> DeviceRules.of(List.of(rule)))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessage("invalid device cgroup rule format: '" + rule + "'");
  }
}
