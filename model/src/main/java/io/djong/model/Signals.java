package io.djong.model;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Signals of Linux by the names and numbers that people write (`signal(7)`, x86 and ARM numbers).
/// Pure.
public final class Signals {
  public static final int KILL = 9;
  public static final int TERM = 15;
  private static final int LAST = 64;
  private static final Map<String, Integer> NUMBERS = numbers();

  private Signals() {}

  /// Reads a name with or without `SIG`, in any case, or a number from 1 to 64.
  ///
  /// @throws Fault.Invalid if there is no such signal
  public static int parse(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    Integer number = NUMBERS.get(name.startsWith("SIG") ? name.substring(3) : name);
    if (number != null) {
      return number;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= 1 && value <= LAST) {
        return value;
      }
      if (value > LAST) {
        throw new Fault.Invalid("the linux daemon does not support signal " + value);
      }
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid signal: " + text, e);
    }
    throw new Fault.Invalid("invalid signal: " + text);
  }

  /// The signal that asks a container to end: SIGTERM where nobody said another.
  ///
  /// @throws Fault.Invalid if there is no such signal
  public static int stopSignal(@Nullable String asked) {
    return asked == null || asked.isEmpty() ? TERM : parse(asked);
  }

  /// All names that [#parse] knows, without `SIG`.
  public static Set<String> names() {
    return NUMBERS.keySet();
  }

  private static Map<String, Integer> numbers() {
    String names =
        "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP"
            + " TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS";
    Map<String, Integer> all = new TreeMap<>();
    int number = 1;
    for (String name : names.split(" ", -1)) {
      all.put(name, number++);
    }
    all.put("IOT", 6);
    all.put("CLD", 17);
    all.put("POLL", 29);
    all.put("RTMIN", 34);
    all.put("RTMAX", LAST);
    for (int i = 1; i <= 15; i++) {
      all.put("RTMIN+" + i, 34 + i);
      all.put("RTMAX-" + i, LAST - i);
    }
    return Collections.unmodifiableMap(all);
  }
}
