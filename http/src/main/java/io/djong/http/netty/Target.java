package io.djong.http.netty;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request target taken apart (RFC 9112, 3.2: origin form, or absolute form with its authority
/// dropped).
record Target(String path, String rawPath, Map<String, List<String>> query) {
  /// Null if it is malformed: an escape that is none, bytes that are not UTF-8, NUL.
  static @Nullable Target parse(String target) {
    String origin = origin(target);
    if (origin == null || origin.indexOf('#') >= 0) {
      return null;
    }
    QueryStringDecoder decoder =
        QueryStringDecoder.builder().semicolonIsNormalChar(true).build(origin);
    try {
      String path = decoder.path();
      Map<String, List<String>> query = decoder.parameters();
      // The decoder replaces what is not UTF-8 instead of refusing it.
      boolean replaced = path.indexOf('\ufffd') >= 0 || query.toString().indexOf('\ufffd') >= 0;
      if (path.indexOf('\0') >= 0
          || (replaced && !origin.toUpperCase(Locale.ROOT).contains("%EF%BF%BD"))) {
        return null;
      }
      return new Target(path, decoder.rawPath(), query);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  private static @Nullable String origin(String target) {
    if (target.startsWith("/")) {
      return target;
    }
    int authority = target.indexOf("://");
    if (authority < 0) {
      return null;
    }
    int end = authority + 3;
    while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
      end++;
    }
    String rest = target.substring(end);
    return rest.startsWith("/") ? rest : "/" + rest;
  }
}
