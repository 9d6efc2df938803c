package io.djong.cli.command;

import io.djong.cli.flag.Given;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Points in time as people give them.
final class Moment {
  private Moment() {}

  /// As the API takes them: seconds since 1970 with nanoseconds. Reads those, RFC 3339 dates and
  /// times (in our time zone unless they name one), and spans such as `1h30m`, which count back
  /// from now.
  ///
  /// @throws UsageException if it is none of these
  static @Nullable String toApi(String flag, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (isNumber(text)) {
      return text;
    }
    Instant instant = parse(text);
    if (instant == null) {
      throw Given.invalid(
          flag, text, "want a time such as 2026-01-02T15:04:05Z, or a span such as 42m");
    }
    String nanos = String.valueOf(1_000_000_000L + instant.getNano()).substring(1);
    return instant.getEpochSecond() + "." + nanos;
  }

  private static boolean isNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ((text.charAt(i) < '0' || text.charAt(i) > '9') && text.charAt(i) != '.') {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Instant parse(String text) {
    try {
      if (text.indexOf('-') == 4) {
        String whole = text.length() == 10 ? text + "T00:00:00" : text;
        boolean zoned =
            whole.endsWith("Z") || whole.lastIndexOf('+') > 10 || whole.lastIndexOf('-') > 10;
        return zoned
            ? OffsetDateTime.parse(whole).toInstant()
            : LocalDateTime.parse(whole).atZone(ZoneId.systemDefault()).toInstant();
      }
      return Instant.now().minus(Duration.parse("PT" + text.toUpperCase(Locale.ROOT)));
    } catch (DateTimeParseException _) {
      return null;
    }
  }
}
