package io.djong.build.dockerfile;

import io.djong.build.dockerfile.Flags.Mistaken;
import io.djong.model.Fault;
import io.djong.model.RunConfig.Healthcheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads HEALTHCHECK (Dockerfile reference, HEALTHCHECK). Pure.
final class HealthFlags {
  private HealthFlags() {}

  /// Reads a JSON array, or gives null.
  @FunctionalInterface
  interface JsonWords {
    @Nullable List<String> of(String text);
  }

  static Healthcheck read(
      Flags flags, String words, JsonWords json, Function<String, Fault.Invalid> refuse)
      throws Mistaken {
    String[] parts = words.split("\\s+", 2);
    String rest = parts.length > 1 ? parts[1].strip() : "";
    switch (parts[0].toUpperCase(Locale.ROOT)) {
      case "NONE" -> {
        if (!rest.isEmpty()) {
          throw refuse.apply("HEALTHCHECK NONE takes no arguments");
        }
        return new Healthcheck(List.of("NONE"), null, null, null, null, null);
      }
      case "CMD" -> {
        if (rest.isEmpty()) {
          throw refuse.apply("Missing command after HEALTHCHECK CMD");
        }
      }
      default ->
          throw refuse.apply(
              "Unknown type \""
                  + parts[0].toUpperCase(Locale.ROOT)
                  + "\" in HEALTHCHECK (try CMD)");
    }
    List<String> test = new ArrayList<>();
    List<String> exact = json.of(rest);
    if (exact == null) {
      test.addAll(List.of("CMD-SHELL", rest));
    } else {
      test.add("CMD");
      test.addAll(exact);
    }
    return new Healthcheck(
        test,
        duration(flags, "interval"),
        duration(flags, "timeout"),
        duration(flags, "start-period"),
        duration(flags, "start-interval"),
        retries(flags));
  }

  private static @Nullable Integer retries(Flags flags) throws Mistaken {
    String value = flags.value("retries");
    if (value == null) {
      return null;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw mistaken(flags, "retries", value, "must be a number");
    }
    throw mistaken(flags, "retries", value, "cannot be negative");
  }

  private static @Nullable Long duration(Flags flags, String name) throws Mistaken {
    String value = flags.value(name);
    if (value == null) {
      return null;
    }
    Long nanos = nanos(value);
    if (nanos == null) {
      throw mistaken(flags, name, value, "is no duration such as 1m30s");
    }
    if (nanos != 0 && nanos < 1_000_000) {
      throw mistaken(flags, name, value, "cannot be less than 1ms");
    }
    return nanos;
  }

  private static Mistaken mistaken(Flags flags, String name, String value, String why) {
    return new Mistaken(
        "--" + name + "=" + value + ": " + why,
        flags.offset(name),
        name.length() + 3 + value.length());
  }

  /// Go's durations: numbers with a unit each.
  private static @Nullable Long nanos(String text) {
    if (text.equals("0")) {
      return 0L;
    }
    double sum = 0;
    int at = 0;
    while (at < text.length()) {
      int start = at;
      while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
        at++;
      }
      int unit = at;
      while (at < text.length() && Character.isLetter(text.charAt(at))) {
        at++;
      }
      double scale =
          switch (text.substring(unit, at)) {
            case "ns" -> 1;
            case "us", "µs" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            default -> 0;
          };
      if (scale == 0 || unit == start) {
        return null;
      }
      try {
        sum += Double.parseDouble(text.substring(start, unit)) * scale;
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return text.isEmpty() || sum > 9e18 ? null : (Long) (long) sum;
  }
}
