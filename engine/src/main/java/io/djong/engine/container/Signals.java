package io.djong.engine.container;

import io.djong.model.Fault;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Signal names of Linux (`signal(7)`, x86 and ARM numbers).
final class Signals {
  static final int KILL = 9;
  static final int TERM = 15;
  private static final Map<String, Integer> NUMBERS = numbers();

  private Signals() {}

  /// Reads a name with or without `SIG`, or a number.
  ///
  /// @throws Fault.Invalid if there is no such signal
  static int parse(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    Integer number = NUMBERS.get(name.startsWith("SIG") ? name.substring(3) : name);
    if (number != null) {
      return number;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= 1 && value <= 64) {
        return value;
      }
      if (value > 64) {
        throw new Fault.Invalid("the linux daemon does not support signal " + value);
      }
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid signal: " + text, e);
    }
    throw new Fault.Invalid("invalid signal: " + text);
  }

  /// The signal that asks a container to end.
  static int stopSignal(@Nullable String asked) {
    return asked == null || asked.isEmpty() ? TERM : parse(asked);
  }

  private static Map<String, Integer> numbers() {
    String names =
        "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP"
            + " TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS";
    Map<String, Integer> all = new HashMap<>();
    int number = 1;
    for (String name : names.split(" ", -1)) {
      all.put(name, number++);
    }
    all.put("IOT", 6);
    all.put("CLD", 17);
    all.put("POLL", 29);
    all.put("RTMIN", 34);
    all.put("RTMAX", 64);
    for (int i = 1; i <= 15; i++) {
      all.put("RTMIN+" + i, 34 + i);
      all.put("RTMAX-" + i, 64 - i);
    }
    return Map.copyOf(all);
  }
}
