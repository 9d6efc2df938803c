package io.djong.engine;

import io.djong.model.Fault;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a list is narrowed to: for each key the values of which one must fit, as the Engine API's
/// `filters` parameter. Immutable.
public record Filters(Map<String, List<String>> values) {
  public static final Filters NONE = new Filters(Map.of());

  public Filters {
    values = Map.copyOf(values);
  }

  /// @throws Fault.Invalid in Docker's words if a key is not one of these
  public void allowOnly(Set<String> keys) {
    for (String key : values.keySet()) {
      if (!keys.contains(key)) {
        throw new Fault.Invalid("invalid filter '" + key + "'");
      }
    }
  }

  public List<String> of(String key) {
    return values.getOrDefault(key, List.of());
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  /// Whether labels fit all of the `label` and none of the `label!` filters: `key` or `key=value`.
  public boolean fitLabels(Map<String, String> labels) {
    for (String wanted : of("label")) {
      if (!hasLabel(labels, wanted)) {
        return false;
      }
    }
    for (String unwanted : of("label!")) {
      if (hasLabel(labels, unwanted)) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasLabel(Map<String, String> labels, String wanted) {
    int equals = wanted.indexOf('=');
    return equals < 0
        ? labels.containsKey(wanted)
        : wanted.substring(equals + 1).equals(labels.get(wanted.substring(0, equals)));
  }
}
