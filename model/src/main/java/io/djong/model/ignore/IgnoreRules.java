package io.djong.model.ignore;

import io.djong.model.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Which paths of a context do not count (`.dockerignore`, Docker's build documentation). The last
/// rule that fits decides; one with `!` brings back what earlier ones took. Immutable.
public final class IgnoreRules {
  public static final IgnoreRules NONE = new IgnoreRules(List.of());

  private static final int MAX_RULES = 100_000;

  private record Rule(PathPattern pattern, boolean back) {}

  private final List<Rule> rules;

  private IgnoreRules(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /// Reads an ignore file.
  ///
  /// @throws Fault.Invalid if a pattern makes no sense
  public static IgnoreRules parse(byte[] file) {
    String text = new String(file, StandardCharsets.UTF_8);
    List<String> patterns = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      String rule = number++ == 0 && line.startsWith("\ufeff") ? line.substring(1) : line;
      if (!rule.startsWith("#") && !rule.isBlank()) {
        patterns.add(rule.strip());
      }
    }
    return of(patterns);
  }

  /// @throws Fault.Invalid if a pattern makes no sense
  public static IgnoreRules of(List<String> patterns) {
    if (patterns.size() > MAX_RULES) {
      throw new Fault.Invalid("more than " + MAX_RULES + " rules about ignored files");
    }
    List<Rule> rules = new ArrayList<>();
    for (String pattern : patterns) {
      boolean back = pattern.startsWith("!");
      String rest = back ? pattern.substring(1).strip() : pattern;
      if (rest.isEmpty()) {
        throw new Fault.Invalid("illegal exclusion pattern: \"!\"");
      }
      String clean = clean(rest);
      if (!clean.isEmpty()) {
        rules.add(new Rule(PathPattern.of(clean), back));
      }
    }
    return new IgnoreRules(rules);
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /// Whether a path, relative to the context, does not count.
  public boolean ignores(String path) {
    boolean ignored = false;
    for (Rule rule : rules) {
      // A rule that could not change anything is not looked at.
      if (rule.back == ignored && rule.pattern.matchesOrAbove(path)) {
        ignored = !rule.back;
      }
    }
    return ignored;
  }

  /// Without what a path does not need: doubled slashes, `.`, `x/..`, slashes at both ends.
  private static String clean(String pattern) {
    List<String> parts = new ArrayList<>();
    for (String part : pattern.split("/", -1)) {
      switch (part) {
        case "", "." -> {}
        case ".." -> {
          if (!parts.isEmpty() && !parts.getLast().equals("..")) {
            parts.removeLast();
          } else if (!pattern.startsWith("/")) {
            parts.add(part);
          }
        }
        default -> parts.add(part);
      }
    }
    return String.join("/", parts);
  }
}
