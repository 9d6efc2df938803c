package io.djong.cli.format;

/// JSON as text for people. Works on the text, so that every number stays as the engine wrote it.
public final class JsonText {
  private static final String STEP = "    ";

  private JsonText() {}

  /// Breaks lines and indents by four blanks; expects valid JSON.
  public static String indent(String json) {
    StringBuilder text = new StringBuilder(json.length() * 2);
    int depth = 0;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      switch (c) {
        case '"' -> {
          int end = endOfString(json, i);
          text.append(json, i, end + 1);
          i = end;
        }
        case '{', '[' -> {
          int next = skipBlanks(json, i + 1);
          text.append(c);
          if (json.charAt(next) == '}' || json.charAt(next) == ']') {
            text.append(json.charAt(next));
            i = next;
          } else {
            newLine(text, ++depth);
          }
        }
        case '}', ']' -> {
          newLine(text, --depth);
          text.append(c);
        }
        case ',' -> {
          text.append(c);
          newLine(text, depth);
        }
        case ':' -> text.append(": ");
        case ' ', '\n', '\r', '\t' -> {}
        default -> text.append(c);
      }
    }
    return text.toString();
  }

  private static int endOfString(String json, int start) {
    int i = start + 1;
    while (json.charAt(i) != '"') {
      i += json.charAt(i) == '\\' ? 2 : 1;
    }
    return i;
  }

  private static int skipBlanks(String json, int from) {
    int i = from;
    while (json.charAt(i) <= ' ') {
      i++;
    }
    return i;
  }

  private static void newLine(StringBuilder text, int depth) {
    text.append('\n');
    for (int i = 0; i < depth; i++) {
      text.append(STEP);
    }
  }
}
