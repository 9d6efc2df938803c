package io.djong.engine.image;

import io.djong.model.Fault;
import io.djong.model.RunConfig.Healthcheck;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads a HEALTHCHECK instruction. Pure.
final class HealthInstruction {
  private @Nullable Long interval;
  private @Nullable Long timeout;
  private @Nullable Long startPeriod;
  private @Nullable Long startInterval;
  private @Nullable Integer retries;

  private HealthInstruction() {}

  /// @throws Fault.Invalid if it is not one
  static Healthcheck parse(String text) {
    return new HealthInstruction().read(text);
  }

  private Healthcheck read(String text) {
    String rest = text;
    while (rest.startsWith("--")) {
      String[] parts = rest.split("\\s+", 2);
      option(parts[0]);
      rest = parts.length > 1 ? parts[1].strip() : "";
    }
    String[] parts = rest.split("\\s+", 2);
    String command = parts.length > 1 ? parts[1].strip() : "";
    return switch (parts[0].toUpperCase(Locale.ROOT)) {
      case "NONE" -> new Healthcheck(List.of("NONE"), null, null, null, null, null);
      case "CMD" ->
          new Healthcheck(test(command), interval, timeout, startPeriod, startInterval, retries);
      default ->
          throw new Fault.Invalid("Unknown type \"" + parts[0] + "\" in HEALTHCHECK (try CMD)");
    };
  }

  private static List<String> test(String command) {
    if (command.isEmpty()) {
      throw new Fault.Invalid("Missing command after HEALTHCHECK CMD");
    }
    List<String> words = ImageChanges.jsonWords(command);
    if (words == null) {
      return List.of("CMD-SHELL", command);
    }
    List<String> all = new ArrayList<>(List.of("CMD"));
    all.addAll(words);
    return List.copyOf(all);
  }

  private void option(String option) {
    int equals = option.indexOf('=');
    String name = equals < 0 ? option : option.substring(0, equals);
    String value = equals < 0 ? "" : option.substring(equals + 1);
    switch (name) {
      case "--interval" -> interval = nanos(value);
      case "--timeout" -> timeout = nanos(value);
      case "--start-period" -> startPeriod = nanos(value);
      case "--start-interval" -> startInterval = nanos(value);
      case "--retries" -> retries = count(value);
      default -> throw new Fault.Invalid("Unknown flag: " + name.substring(2));
    }
  }

  private static long nanos(String value) {
    try {
      return Duration.parse("PT" + value.toUpperCase(Locale.ROOT)).toNanos();
    } catch (DateTimeParseException e) {
      throw new Fault.Invalid("time: invalid duration \"" + value + "\"", e);
    }
  }

  private static int count(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("--retries must be a number, not \"" + value + "\"", e);
    }
  }
}
