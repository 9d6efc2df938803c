package io.djong.model.json;

import io.djong.model.Fault;

/// Looks at a document before a recursive parser does: one nested too deeply would exhaust the
/// thread's stack, and what follows the value would be passed over.
final class JsonDepth {
  private JsonDepth() {}

  static void check(byte[] json, int limit) {
    int depth = 0;
    boolean inString = false;
    boolean over = false;
    for (int i = 0; i < json.length; i++) {
      byte c = json[i];
      if (over && c > ' ') {
        throw new Fault.Invalid("unexpected content after JSON");
      }
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
        over = --depth == 0;
      }
    }
  }
}
