package io.djong.build.dockerfile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A pattern of a shell's: `*` any characters, `?` one, a backslash before what means itself.
/// Matching takes no longer than pattern times text, whatever they are. Immutable.
final class ShellPattern {
  private static final int ANY = -1;
  private static final int ONE = -2;

  private final List<Integer> tokens;

  private ShellPattern(List<Integer> tokens) {
    this.tokens = tokens;
  }

  static ShellPattern of(String text) {
    List<Integer> tokens = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '*') {
        tokens.add(ANY);
      } else if (c == '?') {
        tokens.add(ONE);
      } else if (c == '\\' && i + 1 < text.length()) {
        tokens.add((int) text.charAt(++i));
      } else {
        tokens.add((int) c);
      }
    }
    return new ShellPattern(tokens);
  }

  /// The length of what it matches at the beginning, or -1.
  int prefix(String text, boolean longest) {
    return match(tokens, text, 0, longest);
  }

  /// The length of what it matches at the end, or -1.
  int suffix(String text, boolean longest) {
    List<Integer> reversed = new ArrayList<>(tokens);
    Collections.reverse(reversed);
    return match(reversed, new StringBuilder(text).reverse().toString(), 0, longest);
  }

  /// Replaces the first match, or all, each as long as can be.
  String replace(String text, String replacement, boolean all) {
    StringBuilder result = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int length = match(tokens, text, at, true);
      if (length <= 0) {
        result.append(text.charAt(at++));
        continue;
      }
      result.append(replacement);
      at += length;
      if (!all) {
        break;
      }
    }
    return result.append(text, at, text.length()).toString();
  }

  private static int match(List<Integer> tokens, String text, int start, boolean longest) {
    boolean[] state = new boolean[tokens.size() + 1];
    state[0] = true;
    skipAny(tokens, state);
    int found = state[tokens.size()] ? 0 : -1;
    for (int i = start; i < text.length() && (longest || found < 0); i++) {
      boolean[] next = new boolean[state.length];
      boolean alive = false;
      for (int t = 0; t < tokens.size(); t++) {
        int token = tokens.get(t);
        if (state[t] && token == ANY) {
          next[t] = true;
          alive = true;
        } else if (state[t] && (token == ONE || token == text.charAt(i))) {
          next[t + 1] = true;
          alive = true;
        }
      }
      if (!alive) {
        break;
      }
      skipAny(tokens, next);
      state = next;
      if (state[tokens.size()]) {
        found = i + 1 - start;
      }
    }
    return found;
  }

  private static void skipAny(List<Integer> tokens, boolean[] state) {
    for (int t = 0; t < tokens.size(); t++) {
      if (state[t] && tokens.get(t) == ANY) {
        state[t + 1] = true;
      }
    }
  }
}
