package io.djong.model.ignore;

import io.djong.model.Fault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pattern of paths (Docker's `.dockerignore` rules): `*` and `?` match within a component, `**`
/// across any number of them, `[…]` a set of characters, a backslash makes the next character mean
/// itself. Matching takes no longer than pattern times path, whatever they are. Immutable.
public final class PathPattern {
  /// One thing to match.
  private sealed interface Token {
    record One(char c) implements Token {}

    record AnyOne() implements Token {}

    record Star() implements Token {}

    /// Before folders.
    record Gate() implements Token {}

    /// `.*/`, after a gate.
    record Folders() implements Token {}

    /// `.*`
    record All() implements Token {}

    record Set(String chars, boolean negated) implements Token {
      boolean has(char c) {
        boolean found = false;
        for (int i = 0; i < chars.length(); i += 2) {
          found |= c >= chars.charAt(i) && c <= chars.charAt(i + 1);
        }
        return found != negated;
      }
    }
  }

  private final String text;
  private final List<Token> tokens;
  private final @Nullable String literal;

  private PathPattern(String text, List<Token> tokens) {
    this.text = text;
    this.tokens = tokens;
    StringBuilder plain = new StringBuilder();
    boolean wild = false;
    for (Token token : tokens) {
      if (token instanceof Token.One(char c)) {
        plain.append(c);
      } else {
        wild = true;
      }
    }
    this.literal = wild ? null : plain.toString();
  }

  /// @throws Fault.Invalid if a set of characters is not closed
  public static PathPattern of(String text) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      switch (c) {
        case '*' -> {
          if (at < text.length() && text.charAt(at) == '*') {
            at++;
            if (at < text.length() && text.charAt(at) == '/') {
              at++;
            }
            if (at == text.length()) {
              tokens.add(new Token.All());
            } else {
              tokens.add(new Token.Gate());
              tokens.add(new Token.Folders());
            }
          } else {
            tokens.add(new Token.Star());
          }
        }
        case '?' -> tokens.add(new Token.AnyOne());
        case '[' -> {
          int end = set(text, at, tokens);
          if (end < 0) {
            throw new Fault.Invalid("syntax error in pattern \"" + text + "\": [ is not closed");
          }
          at = end;
        }
        case '\\' -> tokens.add(new Token.One(at < text.length() ? text.charAt(at++) : '\\'));
        default -> tokens.add(new Token.One(c));
      }
    }
    return new PathPattern(text, tokens);
  }

  /// @return where the set ends, or -1
  private static int set(String text, int start, List<Token> tokens) {
    int at = start;
    boolean negated = at < text.length() && text.charAt(at) == '^';
    if (negated) {
      at++;
    }
    StringBuilder chars = new StringBuilder();
    boolean first = true;
    while (at < text.length() && (first || text.charAt(at) != ']')) {
      first = false;
      char low = text.charAt(at++);
      if (low == '\\' && at < text.length()) {
        low = text.charAt(at++);
      }
      char high = low;
      if (at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
        high = text.charAt(at + 1);
        at += 2;
      }
      chars.append(low).append(high);
    }
    if (at >= text.length()) {
      return -1;
    }
    tokens.add(new Token.Set(chars.toString(), negated));
    return at + 1;
  }

  /// Whether it means itself alone.
  public boolean isLiteral() {
    return literal != null;
  }

  public boolean matches(String path) {
    return literal != null ? literal.equals(path) : run(path, false);
  }

  /// Whether it matches the path or a folder above it.
  public boolean matchesOrAbove(String path) {
    if (literal != null) {
      return path.equals(literal)
          || (path.startsWith(literal)
              && path.length() > literal.length()
              && path.charAt(literal.length()) == '/');
    }
    return run(path, true);
  }

  /// One pass over the path, whatever it is asked for.
  private boolean run(String path, boolean above) {
    boolean[] state = new boolean[tokens.size() + 1];
    state[0] = true;
    skipOptional(state);
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (above && c == '/' && i > 0 && state[tokens.size()]) {
        return true;
      }
      boolean[] next = new boolean[state.length];
      boolean alive = false;
      for (int t = 0; t < tokens.size(); t++) {
        if (state[t]) {
          alive |= step(t, c, next);
        }
      }
      if (!alive) {
        return false;
      }
      skipOptional(next);
      state = next;
    }
    return state[tokens.size()];
  }

  private boolean step(int t, char c, boolean[] next) {
    switch (tokens.get(t)) {
      case Token.One(char wanted) -> next[t + 1] |= wanted == c;
      case Token.AnyOne _ -> next[t + 1] |= c != '/';
      case Token.Star _ -> next[t] |= c != '/';
      case Token.All _ -> next[t] = true;
      case Token.Gate _ -> {}
      case Token.Folders _ -> {
        next[t] = true;
        // Left behind a slash alone.
        next[t + 1] |= c == '/';
      }
      case Token.Set set -> next[t + 1] |= set.has(c);
    }
    return next[t] || next[t + 1];
  }

  /// What needs no character is passed at once. In front of folders stands their gate, which may be
  /// passed with them; once inside of them, only a slash leads out.
  private void skipOptional(boolean[] state) {
    for (int t = 0; t < tokens.size(); t++) {
      if (!state[t]) {
        continue;
      }
      switch (tokens.get(t)) {
        case Token.Star _, Token.All _ -> state[t + 1] = true;
        case Token.Gate _ -> {
          state[t + 1] = true;
          state[t + 2] = true;
        }
        case Token.One _, Token.AnyOne _, Token.Folders _, Token.Set _ -> {}
      }
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
