package io.djong.cli.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lists of `name=value`.
final class Pairs {
  private Pairs() {}

  /// By name; a name alone has an empty value, the last of a name counts.
  static Map<String, String> map(List<String> pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      map.put(
          equals < 0 ? pair : pair.substring(0, equals),
          equals < 0 ? "" : pair.substring(equals + 1));
    }
    return map;
  }
}
