package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.spec.LinuxResources.DeviceRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rules of `--device-cgroup-rule`: `c 1:3 rwm`, `b *:* r` (Control Group v1, Device Whitelist
/// Controller). Pure.
final class DeviceRules {
  private DeviceRules() {}

  /// @throws Fault.Invalid in Docker's words if a rule is none
  static List<DeviceRule> of(@Nullable List<String> rules) {
    List<DeviceRule> all = new ArrayList<>();
    for (String rule : rules == null ? List.<String>of() : rules) {
      all.add(parse(rule));
    }
    return all;
  }

  private static DeviceRule parse(String rule) {
    String[] words = rule.split(" ", -1);
    if (words.length != 3 || !List.of("a", "b", "c").contains(words[0])) {
      throw invalid(rule);
    }
    int colon = words[1].indexOf(':');
    if (colon < 0 || words[2].isEmpty() || words[2].length() > 3) {
      throw invalid(rule);
    }
    for (int i = 0; i < words[2].length(); i++) {
      if ("rwm".indexOf(words[2].charAt(i)) < 0) {
        throw invalid(rule);
      }
    }
    return new DeviceRule(
        true,
        words[0],
        number(words[1].substring(0, colon), rule),
        number(words[1].substring(colon + 1), rule),
        words[2]);
  }

  /// @return null for all
  private static @Nullable Long number(String text, String rule) {
    if (text.equals("*")) {
      return null;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && Character.isDigit(text.charAt(0))) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new Fault.Invalid(message(rule), e);
    }
    throw invalid(rule);
  }

  private static Fault.Invalid invalid(String rule) {
    return new Fault.Invalid(message(rule));
  }

  private static String message(String rule) {
    return "invalid device cgroup rule format: '" + rule + "'";
  }
}
