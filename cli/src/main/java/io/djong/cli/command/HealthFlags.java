package io.djong.cli.command;

import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.flag.UsageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The flags that say how a container's health is checked, and what happens when it is found ill.
final class HealthFlags {
  /// The engine takes its own option as an annotation, since the Engine API has no place for it.
  static final String ON_FAILURE = "io.djong.health.on-failure";

  private HealthFlags() {}

  static void declare(Flags flags) {
    flags
        .value("health-cmd", "", "string", "Command to run to check health")
        .value("health-interval", "", "duration", "Time between running the check (default 30s)")
        .value(
            "health-on-failure",
            "",
            "string",
            "What happens to an unhealthy container (none|kill|restart|stop)")
        .value("health-retries", "", "int", "Consecutive failures needed to report unhealthy")
        .value(
            "health-start-interval",
            "",
            "duration",
            "Time between checks during the start period (default 5s)")
        .value(
            "health-start-period",
            "",
            "duration",
            "Time in which failures do not count, for the container to start")
        .value("health-timeout", "", "duration", "Time one check may take (default 30s)")
        .toggle("no-healthcheck", "", "Disable any container-specified HEALTHCHECK");
  }

  /// The property `Healthcheck`; null if nothing is said.
  static @Nullable Map<String, Object> of(Given given) {
    Map<String, Object> check = new LinkedHashMap<>();
    String command = given.text("health-cmd");
    if (command != null) {
      check.put("Test", List.of("CMD-SHELL", command));
    }
    time(given, check, "Interval", "health-interval");
    time(given, check, "Timeout", "health-timeout");
    time(given, check, "StartPeriod", "health-start-period");
    time(given, check, "StartInterval", "health-start-interval");
    Integer retries = given.number("health-retries");
    if (retries != null) {
      check.put("Retries", retries);
    }
    if (!given.is("no-healthcheck")) {
      return check.isEmpty() ? null : check;
    }
    if (!check.isEmpty()) {
      throw new UsageException("--no-healthcheck conflicts with --health-* options");
    }
    return Map.of("Test", List.of("NONE"));
  }

  private static void time(Given given, Map<String, Object> check, String property, String flag) {
    String text = given.text(flag);
    if (text != null) {
      check.put(property, nanos(flag, text));
    }
  }

  /// Reads `1h30m`, `1.5s`, `100ms`.
  private static long nanos(String flag, String text) {
    double total = 0;
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length()
          && (Character.isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
        end++;
      }
      int unit = end;
      while (unit < text.length() && Character.isLetter(text.charAt(unit))) {
        unit++;
      }
      if (end == at || (unit == end && !text.equals("0"))) {
        throw Given.invalid(flag, text, "want a duration such as 1m30s or 500ms");
      }
      try {
        total += Double.parseDouble(text.substring(at, end)) * unit(flag, text, end, unit);
      } catch (NumberFormatException _) {
        throw Given.invalid(flag, text, "want a duration such as 1m30s or 500ms");
      }
      at = unit;
    }
    return (long) total;
  }

  private static double unit(String flag, String text, int from, int to) {
    return switch (text.substring(from, to)) {
      case "" -> 0;
      case "ns" -> 1;
      case "us" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 6e10;
      case "h" -> 3.6e12;
      default -> throw Given.invalid(flag, text, "want a duration such as 1m30s or 500ms");
    };
  }
}
