package io.djong.engine.image;

import io.djong.model.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/// Moments as the Engine API's `until` takes them.
public final class Moments {
  private Moments() {}

  /// Reads seconds since 1970, an RFC 3339 time, or how long ago (`10m`, `1h30m`).
  ///
  /// @throws Fault.Invalid if it is none of these
  public static Instant parse(String text, Instant now) {
    try {
      if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return Instant.ofEpochSecond(Long.parseLong(text));
      }
      if (text.length() > 9 && text.charAt(4) == '-') {
        return Instant.parse(text.indexOf('T') < 0 ? text + "T00:00:00Z" : text);
      }
      return now.minus(Duration.parse("PT" + text.toUpperCase(Locale.ROOT)));
    } catch (DateTimeParseException | NumberFormatException e) {
      throw new Fault.Invalid("invalid filter 'until=" + text + "'", e);
    }
  }
}
