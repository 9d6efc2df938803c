package io.djong.cli.format;

/// Text of strangers for a terminal: a name, a label or a message must not move its cursor or name
/// its window.
public final class Visible {
  private Visible() {}

  /// The text with each control character, and each that ends a line, written as an escape (`\n`,
  /// `\x1b`, `\u2028`). The same object if there is none.
  public static String of(String text) {
    int at = 0;
    while (at < text.length() && !hides(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!hides(c)) {
        shown.append(c);
      } else if (c == '\n') {
        shown.append("\\n");
      } else if (c == '\r') {
        shown.append("\\r");
      } else if (c == '\t') {
        shown.append("\\t");
      } else {
        String hex = Integer.toHexString(c);
        shown.append(c < 0x100 ? "\\x" : "\\u");
        shown.append("0".repeat((c < 0x100 ? 2 : 4) - hex.length())).append(hex);
      }
    }
    return shown.toString();
  }

  /// C0, DEL, C1, the separators of lines and paragraphs, and what turns the direction of text.
  private static boolean hides(char c) {
    return c < ' '
        || (c >= 0x7f && c < 0xa0)
        || c == '\u2028'
        || c == '\u2029'
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }
}
