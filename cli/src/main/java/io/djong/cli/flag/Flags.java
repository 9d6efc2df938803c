package io.djong.cli.flag;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.jspecify.annotations.Nullable;

/// The flags of one command and how they are read, by Docker's rules: `-it` is `-i -t`,
/// `--flag=value` and `--flag value` are the same, a switch takes `=true` or `=false` only with the
/// equals sign, what follows `--` is no flag. For one thread.
public final class Flags {
  private final Options options = new Options();
  private final Map<String, Flag> byLongName = new LinkedHashMap<>();

  /// A flag without a value.
  ///
  /// @param shortName one letter, or empty for none
  public Flags toggle(String name, String shortName, String help) {
    return add(new Flag(name, shortName, "", help));
  }

  /// A flag with a value; where it may be given once, the last one counts.
  ///
  /// @param kind what the help calls the value: `string`, `list`, `int`
  public Flags value(String name, String shortName, String kind, String help) {
    return add(new Flag(name, shortName, kind, help));
  }

  private Flags add(Flag flag) {
    byLongName.put(flag.name(), flag);
    options.addOption(
        new Option(
            flag.shortName().isEmpty() ? null : flag.shortName(),
            flag.name(),
            !flag.isToggle(),
            null));
    return this;
  }

  /// In the order in which they were added.
  public Iterable<Flag> all() {
    return byLongName.values();
  }

  /// Reads the words after the verb.
  ///
  /// @param endAtFirstArgument whether all that follows the first argument belongs to it (`run
  ///   IMAGE COMMAND -x`), else flags may stand anywhere
  /// @throws UsageException if a flag is unknown, lacks its value or has one it cannot have
  public Given parse(List<String> words, boolean endAtFirstArgument) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    List<String> arguments = new ArrayList<>();
    List<String> left = words;
    while (!left.isEmpty()) {
      List<String> rest = parseFlags(left, values);
      int read = left.size() - rest.size();
      if (rest.isEmpty()) {
        break;
      }
      String next = rest.get(0);
      if (read > 0 && left.get(read - 1).equals("--")) {
        arguments.addAll(rest);
        break;
      }
      // The library leaves unknown words to us, and among them the two forms it does not know.
      if (next.length() > 1 && next.charAt(0) == '-') {
        toggleWithValue(next, values);
        left = rest.subList(1, rest.size());
      } else if (endAtFirstArgument) {
        arguments.addAll(rest);
        break;
      } else {
        arguments.add(next);
        left = rest.subList(1, rest.size());
      }
    }
    return new Given(byLongName, values, List.copyOf(arguments));
  }

  private List<String> parseFlags(List<String> words, Map<String, List<String>> values) {
    try {
      CommandLine line =
          DefaultParser.builder()
              .setAllowPartialMatching(false)
              .setStripLeadingAndTrailingQuotes(false)
              .get()
              .parse(options, words.toArray(new String[0]), true);
      for (Option option : line.getOptions()) {
        String value = option.getValue();
        add(values, option.getLongOpt(), value == null ? "true" : value);
      }
      return line.getArgList();
    } catch (MissingArgumentException e) {
      Option option = e.getOption();
      throw new UsageException("flag needs an argument: --" + option.getLongOpt());
    } catch (ParseException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private void toggleWithValue(String word, Map<String, List<String>> values) {
    int equals = word.indexOf('=');
    Flag flag = equals < 0 ? null : find(word.substring(0, equals));
    if (flag == null) {
      throw new UsageException(
          word.startsWith("--")
              ? "unknown flag: " + (equals < 0 ? word : word.substring(0, equals))
              : "unknown shorthand flag: '" + firstUnknown(word) + "' in " + word);
    }
    String value = word.substring(equals + 1);
    switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> add(values, flag.name(), "true");
      case "0", "f", "F", "false", "FALSE", "False" -> add(values, flag.name(), "false");
      default ->
          throw new UsageException(
              "invalid argument \""
                  + value
                  + "\" for \"--"
                  + flag.name()
                  + "\" flag: want true or false");
    }
  }

  private @Nullable Flag find(String dashed) {
    if (dashed.startsWith("--")) {
      return byLongName.get(dashed.substring(2));
    }
    for (Flag flag : byLongName.values()) {
      if (flag.shortName().equals(dashed.substring(1))) {
        return flag;
      }
    }
    return null;
  }

  private char firstUnknown(String cluster) {
    for (int i = 1; i < cluster.length(); i++) {
      if (find("-" + cluster.charAt(i)) == null) {
        return cluster.charAt(i);
      }
    }
    return cluster.charAt(1);
  }

  private static void add(Map<String, List<String>> values, String name, String value) {
    List<String> list = values.get(name);
    if (list == null) {
      list = new ArrayList<>(2);
      values.put(name, list);
    }
    list.add(value);
  }
}
