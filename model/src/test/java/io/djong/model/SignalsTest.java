package io.djong.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SignalsTest {
  @ParameterizedTest
  @CsvSource({
    "SIGTERM,15",
    "TERM,15",
    "sigquit,3",
    "SIGIOT,6",
    "SIGPOLL,29",
    "SIGSYS,31",
    "SIGRTMIN,34",
    "SIGRTMIN+3,37",
    "RTMAX-14,50",
    "SIGRTMAX,64",
    "1,1",
    "37,37",
    "64,64"
  })
  void namesWithAndWithoutSigAndNumbersAreRead(String written, int number) {
    assertThat(Signals.parse(written)).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "65", "-9", "SIG", "SIGSIGTERM", "SIGRTMIN+16", "SIGRTMAX-16", "9 ", "x"})
  void whatIsNoSignalIsRefused(String written) {
    assertThatThrownBy(() -> Signals.parse(written)).isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void nobodysStopSignalIsTerm() {
    assertThat(Signals.stopSignal(null)).isEqualTo(Signals.TERM);
    assertThat(Signals.stopSignal("")).isEqualTo(Signals.TERM);
    assertThat(Signals.stopSignal("SIGINT")).isEqualTo(2);
  }
}
