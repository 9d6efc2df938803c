package io.djong.daemon.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the action for a method and a path. A pattern is a path whose segments may be `{name}`,
/// which stands for one segment, or once `{name:.*}`, which stands for one or more. The pattern
/// added first wins. Filled by one thread, then safe for use by several.
final class RouteTable {
  private record Route(List<String> pattern, Action action) {}

  /// An action, and what stands in the path for the names of its pattern.
  record Found(Action action, Map<String, String> names) {}

  private final Map<String, List<Route>> routes = new HashMap<>();
  private final List<String> patterns = new ArrayList<>();

  /// Methods and patterns, in the order in which they were added.
  List<String> patterns() {
    return List.copyOf(patterns);
  }

  void add(String method, String pattern, Action action) {
    patterns.add(method + " " + pattern);
    List<String> segments = segments(pattern);
    routes
        .computeIfAbsent(bucket(method, segments), _ -> new ArrayList<>())
        .add(new Route(segments, action));
  }

  @Nullable Found find(String method, String path) {
    List<String> segments = segments(path);
    for (Route route : routes.getOrDefault(bucket(method, segments), List.of())) {
      Map<String, String> names = match(route.pattern, segments);
      if (names != null) {
        return new Found(route.action, names);
      }
    }
    return null;
  }

  private static String bucket(String method, List<String> segments) {
    return method + " " + segments.getFirst();
  }

  private static List<String> segments(String path) {
    return List.of(path.substring(1).split("/", -1));
  }

  private static @Nullable Map<String, String> match(List<String> pattern, List<String> path) {
    int extra = path.size() - pattern.size();
    if (extra < 0) {
      return null;
    }
    Map<String, String> names = new HashMap<>();
    int at = 0;
    for (String segment : pattern) {
      if (segment.endsWith(":.*}")) {
        names.put(
            segment.substring(1, segment.length() - 4),
            String.join("/", path.subList(at, at + extra + 1)));
        at += extra + 1;
        extra = 0;
      } else if (segment.startsWith("{")) {
        String value = path.get(at++);
        if (value.isEmpty()) {
          return null;
        }
        names.put(segment.substring(1, segment.length() - 1), value);
      } else if (!segment.equals(path.get(at++))) {
        return null;
      }
    }
    return extra == 0 ? names : null;
  }
}
