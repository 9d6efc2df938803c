package io.djong.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds a request target: a path whose parts are encoded, and a query. Parameters that are null,
/// false or empty are left out. For one thread.
public final class Target {
  private final StringBuilder text = new StringBuilder(64);
  private boolean query;

  /// A path below the API's version; a slash in a part stays one.
  public static Target of(String... parts) {
    Target target = new Target();
    target.text.append("/v").append(ApiVersion.NEWEST);
    for (String part : parts) {
      target.text.append('/').append(encode(part).replace("%2F", "/"));
    }
    return target;
  }

  public Target with(String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      text.append(query ? '&' : '?').append(name).append('=').append(encode(value));
      query = true;
    }
    return this;
  }

  public Target with(String name, boolean value) {
    return value ? with(name, "1") : this;
  }

  public Target with(String name, @Nullable Number value) {
    return value == null ? this : with(name, value.toString());
  }

  /// The same parameter once for each value.
  public Target withAll(String name, List<String> values) {
    for (String value : values) {
      with(name, value);
    }
    return this;
  }

  /// Filters as the API takes them: a JSON object of lists.
  public Target filters(Map<String, List<String>> filters) {
    return filters.isEmpty()
        ? this
        : with("filters", io.djong.model.json.Json.full().writeText(filters));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%3A", ":");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
