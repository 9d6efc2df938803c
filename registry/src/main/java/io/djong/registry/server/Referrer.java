package io.djong.registry.server;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Manifest;
import io.djong.model.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A descriptor in a list of referrers: a manifest that has a subject (OCI distribution
/// specification, Listing Referrers).
///
/// @param artifactType the manifest's own, or else its config's media type; null for an index that
///   has none
/// @param json the whole descriptor
record Referrer(@Nullable String artifactType, Map<String, Object> json) {
  static @Nullable Descriptor subject(Manifest manifest) {
    return switch (manifest) {
      case Manifest.Image image -> image.subject();
      case Manifest.Index index -> index.subject();
    };
  }

  static Referrer of(Document<Manifest> manifest, Digest digest) {
    String type = null;
    if (Json.lean().readTree(manifest.bytes()) instanceof Map<?, ?> tree
        && tree.get("artifactType") instanceof String own
        && !own.isEmpty()) {
      type = own;
    } else if (manifest.value() instanceof Manifest.Image image) {
      type = image.config().mediaType();
    }
    Map<String, String> annotations =
        switch (manifest.value()) {
          case Manifest.Image image -> image.annotations();
          case Manifest.Index index -> index.annotations();
        };
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("mediaType", manifest.descriptor().mediaType());
    json.put("digest", digest.toString());
    json.put("size", manifest.descriptor().size());
    if (type != null) {
      json.put("artifactType", type);
    }
    if (!annotations.isEmpty()) {
      json.put("annotations", annotations);
    }
    return new Referrer(type, json);
  }

  static Referrer read(byte[] bytes) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (Json.lean().readTree(bytes) instanceof Map<?, ?> tree) {
      for (Map.Entry<?, ?> each : tree.entrySet()) {
        Object value = each.getValue();
        if (value != null) {
          // The tree's numbers may be fractions; a size is none.
          json.put(
              String.valueOf(each.getKey()),
              value instanceof Number number ? (Object) number.longValue() : value);
        }
      }
    }
    return new Referrer(json.get("artifactType") instanceof String type ? type : null, json);
  }

  byte[] bytes() {
    return Json.lean().write(json);
  }
}
