package io.djong.daemon.route;

import io.djong.model.Fault;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// Times as the Engine API takes and gives them.
final class Times {
  /// Stands for never.
  static final String NEVER = "0001-01-01T00:00:00Z";

  private static final BigDecimal BILLION = BigDecimal.valueOf(1_000_000_000L);

  private Times() {}

  /// Reads seconds since 1970, with a fraction or without, or an RFC 3339 time; null and 0 mean
  /// none.
  static @Nullable Instant parse(@Nullable String text) {
    if (text == null || text.equals("0")) {
      return null;
    }
    try {
      if (text.length() > 4 && text.charAt(4) == '-') {
        return OffsetDateTime.parse(text).toInstant();
      }
      // An exponent would make a number of any size out of a few letters.
      if (text.length() > 40 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
        throw new NumberFormatException();
      }
      BigDecimal[] parts = new BigDecimal(text).multiply(BILLION).divideAndRemainder(BILLION);
      return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValue());
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new Fault.Invalid(
          "invalid time \"" + text + "\": want seconds since 1970 or RFC 3339", e);
    }
  }

  static String text(@Nullable Instant time) {
    return time == null ? NEVER : time.toString();
  }
}
