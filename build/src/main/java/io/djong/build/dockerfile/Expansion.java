package io.djong.build.dockerfile;

import io.djong.model.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Puts values in the place of variables and takes quotes and escapes away, as the Dockerfile
/// reference says under Environment replacement: `$v`, `${v}`, the operators `:-` `-` `:+` `+` `:?`
/// `?` `#` `##` `%` `%%` `/` `//`, single and double quotes. For one thread.
public final class Expansion {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_LENGTH = 1 << 20;
  private static final char NEVER = '\uffff';

  private final char escape;
  private final Variables variables;

  /// Whether quotes and escapes stay: in documents they are text.
  private final boolean raw;

  private final Set<String> missing = new TreeSet<>();

  private String text = "";
  private int at;
  private int depth;

  private Expansion(char escape, Variables variables, boolean raw) {
    this.escape = escape;
    this.variables = variables;
    this.raw = raw;
  }

  /// The expansion of words.
  public static Expansion ofWords(char escape, Variables variables) {
    return new Expansion(escape, variables, false);
  }

  /// The expansion of documents, in which quotes are text.
  public static Expansion ofDocuments(char escape, Variables variables) {
    return new Expansion(escape, variables, true);
  }

  /// Names that were asked for and have no value.
  public Set<String> missing() {
    return missing;
  }

  /// One word, whatever white space comes out of it.
  ///
  /// @throws Fault.Invalid if it cannot be read; the message names the reason alone
  public String word(String word) {
    return begin(word).until(NEVER, false).text.toString();
  }

  /// A text that may become several words, or none: white space that a variable brings splits it
  /// too, unless quoted.
  public List<String> words(String words) {
    return begin(words).until(NEVER, false).finish();
  }

  private Expansion begin(String newText) {
    this.text = newText;
    this.at = 0;
    this.depth = 0;
    return this;
  }

  /// What comes out: one text, and the same as words.
  private static final class Result {
    private final StringBuilder text = new StringBuilder();
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;

    void split(String more) {
      text.append(more);
      for (int i = 0; i < more.length(); i++) {
        char c = more.charAt(i);
        if (!Words.isSpace(c)) {
          word.append(c);
          inWord = true;
        } else if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      }
    }

    void whole(String more) {
      text.append(more);
      word.append(more);
      inWord = true;
    }

    List<String> finish() {
      if (inWord) {
        words.add(word.toString());
      }
      return words;
    }
  }

  private boolean more() {
    return at < text.length();
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : NEVER;
  }

  /// @param keepEscapes for patterns, in which an escape belongs to the pattern
  private Result until(char stop, boolean keepEscapes) {
    if (++depth > MAX_DEPTH) {
      throw new Fault.Invalid("syntax error: substitutions inside of each other, too deep");
    }
    Result result = new Result();
    while (more()) {
      char c = peek();
      if (c == stop) {
        at++;
        depth--;
        return result;
      }
      if (c == '\'') {
        result.whole(singleQuoted());
      } else if (c == '"') {
        result.whole(doubleQuoted());
      } else if (c == '$') {
        result.split(dollar());
      } else {
        at++;
        if (c == escape) {
          if (raw || keepEscapes) {
            result.split(String.valueOf(c));
          }
          if (!more()) {
            break;
          }
          result.whole(String.valueOf(text.charAt(at++)));
        } else {
          result.split(String.valueOf(c));
        }
      }
      if (result.text.length() > MAX_LENGTH) {
        throw new Fault.Invalid("a substitution that is longer than 1 MiB");
      }
    }
    if (stop != NEVER) {
      throw new Fault.Invalid(
          stop == '}' ? "syntax error: missing '}'" : "syntax error: missing '" + stop + "'");
    }
    depth--;
    return result;
  }

  private String singleQuoted() {
    if (raw) {
      at++;
      return "'";
    }
    int end = text.indexOf('\'', at + 1);
    if (end < 0) {
      throw new Fault.Invalid(
          "unexpected end of statement while looking for matching single-quote");
    }
    String quoted = text.substring(at + 1, end);
    at = end + 1;
    return quoted;
  }

  private String doubleQuoted() {
    at++;
    if (raw) {
      return "\"";
    }
    StringBuilder result = new StringBuilder();
    while (more()) {
      char c = peek();
      if (c == '"') {
        at++;
        return result.toString();
      }
      if (c == '$') {
        result.append(dollar());
        continue;
      }
      at++;
      if (c == escape && more()) {
        char escaped = peek();
        if (escaped == '"' || escaped == '$' || escaped == escape) {
          result.append(escaped);
          at++;
          continue;
        }
      }
      result.append(c);
    }
    throw new Fault.Invalid("unexpected end of statement while looking for matching double-quote");
  }

  private String dollar() {
    at++;
    if (peek() != '{') {
      String name = name();
      return name.isEmpty() ? "$" : orEmpty(name);
    }
    at++;
    char first = peek();
    if (!more()) {
      throw new Fault.Invalid("syntax error: missing '}'");
    }
    if (first == '{' || first == '}' || first == ':') {
      throw new Fault.Invalid("syntax error: bad substitution");
    }
    String name = name();
    if (!more()) {
      throw new Fault.Invalid("syntax error: missing '}'");
    }
    char operator = text.charAt(at++);
    return switch (operator) {
      case '}' -> orEmpty(name);
      case ':' -> {
        char second = peek();
        at++;
        if (second != '-' && second != '+' && second != '?') {
          throw unsupported(second == NEVER ? ":" : ":" + second);
        }
        yield conditional(name, second, true);
      }
      case '-', '+', '?' -> conditional(name, operator, false);
      case '#', '%' -> trimmed(name, operator);
      case '/' -> replaced(name);
      default -> throw unsupported(String.valueOf(operator));
    };
  }

  private static Fault.Invalid unsupported(String modifier) {
    return new Fault.Invalid("unsupported modifier (" + modifier + ") in substitution");
  }

  private String name() {
    int start = at;
    if (more() && isDigit(peek())) {
      while (more() && isDigit(peek())) {
        at++;
      }
    } else if (more() && "@*#?-$!0".indexOf(peek()) >= 0) {
      at++;
    } else {
      while (more() && (isLetter(peek()) || isDigit(peek()) || peek() == '_')) {
        at++;
      }
    }
    return text.substring(start, at);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private String orEmpty(String name) {
    String value = variables.get(name);
    if (value == null) {
      missing.add(name);
      return "";
    }
    return value;
  }

  private String conditional(String name, char operator, boolean emptyIsUnset) {
    String word = until('}', false).text.toString();
    String value = variables.get(name);
    boolean unset = value == null || (emptyIsUnset && value.isEmpty());
    return switch (operator) {
      case '-' -> unset || value == null ? word : value;
      case '+' -> unset ? "" : word;
      default -> {
        if (unset || value == null) {
          String why = value == null ? "not allowed to be unset" : "not allowed to be empty";
          throw new Fault.Invalid(name + ": " + (word.isEmpty() ? why : word));
        }
        yield value;
      }
    };
  }

  private String trimmed(String name, char operator) {
    String word = until('}', true).text.toString();
    boolean longest = !word.isEmpty() && word.charAt(0) == operator;
    ShellPattern pattern = ShellPattern.of(longest ? word.substring(1) : word);
    String value = orEmpty(name);
    int length = operator == '#' ? pattern.prefix(value, longest) : pattern.suffix(value, longest);
    if (length < 0) {
      return value;
    }
    return operator == '#' ? value.substring(length) : value.substring(0, value.length() - length);
  }

  private String replaced(String name) {
    boolean all = peek() == '/';
    if (all) {
      at++;
    }
    ShellPattern pattern = ShellPattern.of(until('/', true).text.toString());
    String replacement = until('}', true).text.toString();
    return pattern.replace(orEmpty(name), unescaped(replacement), all);
  }

  private static String unescaped(String word) {
    @Nullable StringBuilder plain = null;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '\\' && i + 1 < word.length()) {
        if (plain == null) {
          plain = new StringBuilder(word.substring(0, i));
        }
        plain.append(word.charAt(++i));
      } else if (plain != null) {
        plain.append(c);
      }
    }
    return plain == null ? word : plain.toString();
  }
}
