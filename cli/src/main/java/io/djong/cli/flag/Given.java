package io.djong.cli.flag;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the user gave to a command: flags by their long names, and the arguments. Asking for a flag
/// the command does not have is a bug.
public final class Given {
  private final Map<String, Flag> declared;
  private final Map<String, List<String>> values;
  private final List<String> arguments;

  Given(Map<String, Flag> declared, Map<String, List<String>> values, List<String> arguments) {
    this.declared = declared;
    this.values = values;
    this.arguments = arguments;
  }

  public List<String> arguments() {
    return arguments;
  }

  public String argument(int index) {
    return arguments.get(index);
  }

  /// Everything from an argument on.
  public List<String> argumentsFrom(int index) {
    return arguments.subList(Math.min(index, arguments.size()), arguments.size());
  }

  /// Whether a switch is on.
  public boolean is(String name) {
    return "true".equals(text(name));
  }

  public boolean has(String name) {
    return !all(name).isEmpty();
  }

  /// The last value given, null for none.
  public @Nullable String text(String name) {
    List<String> all = all(name);
    return all.isEmpty() ? null : all.get(all.size() - 1);
  }

  /// The last value given, or another.
  public String text(String name, String otherwise) {
    String text = text(name);
    return text == null ? otherwise : text;
  }

  /// All values, in the order given.
  public List<String> all(String name) {
    if (!declared.containsKey(name)) {
      throw new IllegalArgumentException("the command has no flag --" + name);
    }
    List<String> list = values.get(name);
    return list == null ? List.of() : list;
  }

  /// A whole number, null for none.
  ///
  /// @throws UsageException if it is not one
  public @Nullable Integer number(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException _) {
      throw invalid(name, text, "want a whole number");
    }
  }

  /// A size in bytes: a number with an optional unit `b`, `k`, `m`, `g`, `t` (powers of 1024).
  ///
  /// @return 0 for none
  /// @throws UsageException if it is not one
  public long bytes(String name) {
    String text = text(name);
    return text == null ? 0 : size(name, text);
  }

  /// Reads a size as [#bytes] does.
  public static long size(String flag, String text) {
    try {
      return "-1".equals(text) ? -1 : Bytes.parse(text);
    } catch (NumberFormatException _) {
      throw invalid(flag, text, "want a size such as 512m");
    }
  }

  /// Filters: each value is `name=value`.
  ///
  /// @throws UsageException if one is not
  public Map<String, List<String>> filters() {
    Map<String, List<String>> filters = new LinkedHashMap<>();
    for (String filter : all("filter")) {
      int equals = filter.indexOf('=');
      if (equals < 0) {
        throw invalid("filter", filter, "bad format of filter (expected name=value)");
      }
      String name = filter.substring(0, equals).strip();
      List<String> list = filters.get(name);
      if (list == null) {
        list = new ArrayList<>();
        filters.put(name, list);
      }
      list.add(filter.substring(equals + 1).strip());
    }
    return filters;
  }

  /// Says that a flag's value cannot be.
  public static UsageException invalid(String name, String value, String why) {
    return new UsageException(
        "invalid argument \"" + value + "\" for \"--" + name + "\" flag: " + why);
  }
}
