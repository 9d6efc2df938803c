package io.djong.daemon.route;

import io.djong.build.BuildRequest.NamedContext;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads parameters of `POST /build` that are JSON. Pure.
final class BuildParameters {
  private static final Set<String> KEPT_HERE = Set.of("image", "docker", "moby", "cacheonly");

  private BuildParameters() {}

  /// An image of this engine is what a build gives; other forms are made of it by who asks.
  ///
  /// @throws Fault.Unsupported if it is to be something else
  static void checkOutputs(@Nullable String json) {
    if (json == null || json.isBlank()) {
      return;
    }
    if (!(Json.full().read(Object.class, json) instanceof List<?> all)) {
      throw new Fault.Invalid("invalid outputs: want a JSON list");
    }
    for (Object each : all) {
      Object type = each instanceof Map<?, ?> output ? output.get("Type") : null;
      if (type == null) {
        throw new Fault.Invalid("invalid outputs: want objects with a Type");
      }
      if (!KEPT_HERE.contains(type.toString())) {
        throw new Fault.Unsupported(
            "the output type "
                + type
                + " needs a client that takes it: djong build --output type="
                + type
                + ",dest=…");
      }
    }
  }

  /// A JSON list of strings, or one word.
  static List<String> words(String name, @Nullable String text) {
    if (text == null || text.isBlank()) {
      return List.of();
    }
    if (!text.startsWith("[")) {
      return List.of(text);
    }
    if (!(Json.full().read(Object.class, text) instanceof List<?> all)) {
      throw new Fault.Invalid("invalid " + name + ": want a JSON list of strings");
    }
    List<String> words = new ArrayList<>();
    all.forEach(word -> words.add(String.valueOf(word)));
    return words;
  }

  /// Named contexts as [io.djong.api.BuildExtras#contexts] has them.
  static Map<String, NamedContext> contexts(Map<String, String> words) {
    Map<String, NamedContext> all = new LinkedHashMap<>();
    words.forEach((name, word) -> all.put(name.toLowerCase(Locale.ROOT), context(name, word)));
    return all;
  }

  private static NamedContext context(String name, String word) {
    int colon = word.indexOf(':');
    String rest = word.substring(colon + 1);
    return switch (colon < 0 ? "" : word.substring(0, colon)) {
      case "image" -> new NamedContext.Image(rest);
      case "url" -> new NamedContext.Remote(rest);
      case "part" -> new NamedContext.Part(rest);
      default -> throw new Fault.Invalid("invalid build context " + name);
    };
  }
}
