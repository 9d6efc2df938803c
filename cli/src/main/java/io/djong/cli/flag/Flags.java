package io.djong.cli.flag;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The flags of one command and how they are read, by Docker's rules: `-it` is `-i -t`, `-eA=b`,
/// `-e A=b`, `--env A=b` and `--env=A=b` are the same, a switch takes `true` or `false` only behind
/// an equals sign, what a flag needs is the next word whatever it looks like, and what follows `--`
/// is no flag. For one thread.
public final class Flags {
  private final Map<String, Flag> byName = new LinkedHashMap<>();
  private final Map<String, Flag> byLetter = new LinkedHashMap<>();

  /// A flag without a value.
  ///
  /// @param letter its short name, or empty for none
  public Flags toggle(String name, String letter, String help) {
    return add(new Flag(name, letter, "", help));
  }

  /// A flag with a value; where it may be given once, the last one counts.
  ///
  /// @param kind what the help calls the value: `string`, `list`, `int`
  public Flags value(String name, String letter, String kind, String help) {
    return add(new Flag(name, letter, kind, help));
  }

  private Flags add(Flag flag) {
    byName.put(flag.name(), flag);
    if (!flag.shortName().isEmpty()) {
      byLetter.put(flag.shortName(), flag);
    }
    return this;
  }

  /// In the order in which they were added.
  public Iterable<Flag> all() {
    return byName.values();
  }

  /// Reads the words after the verb.
  ///
  /// @param endAtFirstArgument whether all that follows the first argument belongs to it (`run
  ///   IMAGE COMMAND -x`), else flags may stand anywhere
  /// @throws UsageException if a flag is unknown, lacks its value or has one it cannot have
  public Given parse(List<String> words, boolean endAtFirstArgument) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    List<String> arguments = new ArrayList<>();
    int next = 0;
    while (next < words.size()) {
      String word = words.get(next++);
      if (word.equals("--")) {
        arguments.addAll(words.subList(next, words.size()));
        break;
      } else if (word.startsWith("--")) {
        next = name(word, words, next, values);
      } else if (word.startsWith("-") && word.length() > 1) {
        next = letters(word, words, next, values);
      } else if (endAtFirstArgument) {
        arguments.addAll(words.subList(next - 1, words.size()));
        break;
      } else {
        arguments.add(word);
      }
    }
    return new Given(byName, values, List.copyOf(arguments));
  }

  /// Reads `--name`, `--name=value` or `--name value`; gives the place of the next word.
  private int name(String word, List<String> words, int next, Map<String, List<String>> values) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word.substring(2) : word.substring(2, equals);
    Flag flag = byName.get(name);
    if (flag == null) {
      throw new UsageException("unknown flag: --" + name);
    }
    if (equals >= 0) {
      add(values, flag, word.substring(equals + 1));
      return next;
    }
    if (flag.isToggle()) {
      add(values, flag, "true");
      return next;
    }
    if (next == words.size()) {
      throw new UsageException("flag needs an argument: --" + name);
    }
    add(values, flag, words.get(next));
    return next + 1;
  }

  /// Reads `-abc`, where the last may have a value; gives the place of the next word.
  private int letters(String word, List<String> words, int next, Map<String, List<String>> values) {
    for (int i = 1; i < word.length(); i++) {
      Flag flag = byLetter.get(word.substring(i, i + 1));
      if (flag == null) {
        throw new UsageException("unknown shorthand flag: '" + word.charAt(i) + "' in " + word);
      }
      String rest = word.substring(i + 1);
      if (rest.startsWith("=")) {
        add(values, flag, rest.substring(1));
        return next;
      }
      if (flag.isToggle()) {
        add(values, flag, "true");
      } else if (!rest.isEmpty()) {
        add(values, flag, rest);
        return next;
      } else if (next < words.size()) {
        add(values, flag, words.get(next));
        return next + 1;
      } else {
        throw new UsageException("flag needs an argument: '" + word.charAt(i) + "' in " + word);
      }
    }
    return next;
  }

  private static void add(Map<String, List<String>> values, Flag flag, String value) {
    List<String> list = values.get(flag.name());
    if (list == null) {
      list = new ArrayList<>(2);
      values.put(flag.name(), list);
    }
    list.add(flag.isToggle() ? truth(flag, value) : value);
  }

  private static String truth(Flag flag, String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> "true";
      case "0", "f", "F", "false", "FALSE", "False" -> "false";
      default -> throw Given.invalid(flag.name(), value, "want true or false");
    };
  }
}
