package io.djong.engine.container;

import io.djong.model.container.HostConfig;
import io.djong.model.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/// A host configuration in which some properties are others. Pure.
final class ChangedHost {
  private ChangedHost() {}

  /// @param changes by their names in JSON, as trees of JSON
  static HostConfig of(HostConfig before, Map<String, Object> changes) {
    Map<String, Object> all = new LinkedHashMap<>();
    if (Json.full().readTree(Json.full().write(before)) instanceof Map<?, ?> tree) {
      tree.forEach(
          (key, value) -> {
            if (value != null) {
              all.put((String) key, value);
            }
          });
    }
    all.putAll(changes);
    return Json.full().read(HostConfig.class, Json.full().write(all));
  }
}
