package io.djong.model.json;

import io.djong.model.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/// Looks for objects that name a property twice. It expects JSON and leaves the refusal of anything
/// else to the parser.
final class JsonNames {
  private JsonNames() {}

  /// @throws Fault.Invalid if an object has two properties of one name
  static void checkUnique(byte[] json) {
    // One set for each open object, and an empty place for each open array.
    Deque<Set<String>> open = new ArrayDeque<>();
    for (int i = 0; i < json.length; i++) {
      switch (json[i]) {
        case '{', '[' -> open.push(new HashSet<>());
        case '}', ']' -> open.poll();
        case '"' -> {
          int end = end(json, i);
          if (isName(json, end) && !open.isEmpty()) {
            String name = text(json, i + 1, end - 1);
            if (!open.peek().add(name)) {
              throw new Fault.Invalid("ambiguous JSON: \"" + name + "\" is said twice");
            }
          }
          i = end - 1;
        }
        default -> {}
      }
    }
  }

  /// Behind the closing quote.
  private static int end(byte[] json, int start) {
    int i = start + 1;
    while (i < json.length && json[i] != '"') {
      i += json[i] == '\\' ? 2 : 1;
    }
    return Math.min(i + 1, json.length);
  }

  private static boolean isName(byte[] json, int end) {
    for (int i = end; i < json.length; i++) {
      switch (json[i]) {
        case ' ', '\t', '\r', '\n' -> {}
        default -> {
          return json[i] == ':';
        }
      }
    }
    return false;
  }

  private static String text(byte[] json, int start, int end) {
    String raw = new String(json, start, Math.max(0, end - start), StandardCharsets.UTF_8);
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '\\' && i + 5 < raw.length() && raw.charAt(i + 1) == 'u' && isHex(raw, i + 2)) {
        text.append((char) Integer.parseInt(raw, i + 2, i + 6, 16));
        i += 5;
      } else if (c == '\\' && i + 1 < raw.length()) {
        // The letter stands for itself, or for a control character: either way for one thing.
        i++;
        text.append(raw.charAt(i) < 'a' ? "" : "\\").append(raw.charAt(i));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static boolean isHex(String text, int start) {
    for (int i = start; i < start + 4; i++) {
      if (Character.digit(text.charAt(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }
}
