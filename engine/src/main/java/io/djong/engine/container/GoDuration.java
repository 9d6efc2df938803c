package io.djong.engine.container;

import java.time.Duration;

/// Spans of time as Docker writes them: `1.5s`, `2m0s`, `1h0m0s`, `30ms`. Pure.
final class GoDuration {
  private GoDuration() {}

  static String of(Duration time) {
    if (time.compareTo(Duration.ofSeconds(1)) < 0) {
      return number(time.toNanos(), 1_000_000) + "ms";
    }
    long hours = time.toHours();
    String seconds = number(time.minusMinutes(time.toMinutes()).toNanos(), 1_000_000_000) + "s";
    if (hours > 0) {
      return hours + "h" + time.toMinutesPart() + "m" + seconds;
    }
    return time.toMinutes() > 0 ? time.toMinutes() + "m" + seconds : seconds;
  }

  private static String number(long nanos, long unit) {
    return java.math.BigDecimal.valueOf(nanos)
        .divide(java.math.BigDecimal.valueOf(unit))
        .stripTrailingZeros()
        .toPlainString();
  }
}
