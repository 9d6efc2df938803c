package io.djong.build.dockerfile;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What variables mean at a place in the file.
@FunctionalInterface
public interface Variables {
  Variables NONE = name -> null;

  /// The value, or null if there is none.
  @Nullable String get(String name);

  static Variables of(Map<String, String> values) {
    return values::get;
  }
}
