package io.djong.model.json;

import io.djong.model.Fault;

/// Looks at the nesting of a document before a recursive parser does: a hostile one would exhaust
/// the thread's stack.
final class JsonDepth {
  private JsonDepth() {}

  static void check(byte[] json, int limit) {
    int depth = 0;
    boolean inString = false;
    for (int i = 0; i < json.length; i++) {
      byte c = json[i];
      if (inString) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          inString = false;
        }
      } else if (c == '"') {
        inString = true;
      } else if (c == '{' || c == '[') {
        if (++depth > limit) {
          throw new Fault.Invalid("invalid JSON: nested deeper than " + limit + " levels");
        }
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
  }
}
