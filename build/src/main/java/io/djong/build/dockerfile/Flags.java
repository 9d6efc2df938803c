package io.djong.build.dockerfile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The `--name=value` in front of an instruction's words. Immutable once read.
final class Flags {
  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private final Map<String, Integer> offsets = new LinkedHashMap<>();
  private int end;

  /// A flag that makes no sense, and where it stands.
  static final class Mistaken extends Exception {
    private static final long serialVersionUID = 1;

    final int offset;
    final int length;

    Mistaken(String message, int offset, int length) {
      super(message, null, false, false);
      this.offset = offset;
      this.length = length;
    }
  }

  private Flags() {}

  /// @param from where the instruction's words begin
  /// @param once names that may be given once
  /// @param many names that may be given more often
  static Flags read(String line, int from, char escape, Set<String> once, Set<String> many)
      throws Mistaken {
    Flags flags = new Flags();
    flags.end = from;
    for (Words.Word word : Words.located(line.substring(from), escape)) {
      int offset = from + word.offset();
      if (!word.text().startsWith("--")) {
        flags.end = offset;
        return flags;
      }
      if (word.text().equals("--")) {
        flags.end = offset + 2;
        return flags;
      }
      flags.add(word.text(), offset, escape, once, many);
      flags.end = offset + word.text().length();
    }
    return flags;
  }

  private void add(String word, int offset, char escape, Set<String> once, Set<String> many)
      throws Mistaken {
    int equals = word.indexOf('=');
    String name = word.substring(2, equals < 0 ? word.length() : equals);
    if (!once.contains(name) && !many.contains(name)) {
      List<String> known = new ArrayList<>(once);
      known.addAll(many);
      String meant = Suggestion.of(name, known);
      throw new Mistaken(
          "unknown flag: --" + name + (meant == null ? "" : " (did you mean " + meant + "?)"),
          offset,
          word.length());
    }
    if (values.containsKey(name) && once.contains(name)) {
      throw new Mistaken("duplicate flag specified: --" + name, offset, word.length());
    }
    String value = equals < 0 ? "" : unquoted(word.substring(equals + 1), escape, name);
    values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    offsets.putIfAbsent(name, offset);
  }

  private static String unquoted(String word, char escape, String flag) {
    // The fields of a mount have double quotes of their own.
    String quotes = flag.equals("mount") ? "'" : "'\"";
    StringBuilder plain = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == escape && quote != '\'' && i + 1 < word.length()) {
        char escaped = word.charAt(i + 1);
        if (escaped == '"' || escaped == '\'' || Words.isSpace(escaped) || escaped == escape) {
          plain.append(escaped);
          i++;
          continue;
        }
        plain.append(c);
      } else if (quote == 0 && quotes.indexOf(c) >= 0) {
        quote = c;
      } else if (quote != 0 && c == quote) {
        quote = 0;
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  /// Where the words after the flags begin.
  int end() {
    return end;
  }

  int offset(String name) {
    return offsets.getOrDefault(name, 0);
  }

  @Nullable String value(String name) {
    List<String> all = values.get(name);
    return all == null ? null : all.getFirst();
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /// True if the flag stands alone or says so.
  boolean truth(String name) throws Mistaken {
    String value = value(name);
    if (value == null || value.equals("false")) {
      return false;
    }
    if (value.isEmpty() || value.equals("true")) {
      return true;
    }
    throw new Mistaken(
        "expecting boolean value for flag " + name + ", not: " + value,
        offset(name),
        name.length() + 3 + value.length());
  }
}
