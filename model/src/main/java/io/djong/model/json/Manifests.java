package io.djong.model.json;

import io.avaje.jsonb.Json.Property;
import io.djong.model.Descriptor;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Manifests and indexes as documents (OCI image specification, Image Manifest and Image Index;
/// Docker's image manifest version 2, schema 2).
public final class Manifests {
  /// The most bytes a manifest or index may have (OCI distribution specification, Pushing
  /// Manifests).
  public static final int MAX_BYTES = 4 << 20;

  private Manifests() {}

  /// The one shape that covers both kinds.
  @io.avaje.jsonb.Json
  record Wire(
      int schemaVersion,
      @Nullable String mediaType,
      @Nullable Descriptor config,
      @Nullable List<Descriptor> layers,
      @Nullable List<Descriptor> manifests,
      @Nullable Descriptor subject,
      @Property("annotations") @Nullable Map<String, String> annotations) {}

  /// Reads a manifest or an index.
  ///
  /// @param mediaType what the bytes were said to be; null takes what the document says of itself
  /// @throws Fault.Invalid if the bytes are neither, are both, contradict the media type, name
  ///   something twice, or are larger than [#MAX_BYTES]
  public static Document<Manifest> read(@Nullable String mediaType, byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new Fault.Invalid("manifest of " + bytes.length + " bytes is larger than 4 MiB");
    }
    // Readers differ in which of two equal names they take, so such a document means two things.
    JsonNames.checkUnique(bytes);
    Wire wire = Json.lean().read(Wire.class, bytes);
    if (wire.schemaVersion != 2) {
      throw new Fault.Invalid(
          "unsupported manifest schema version " + wire.schemaVersion + ": want 2");
    }
    String inside = wire.mediaType;
    if (mediaType != null && inside != null && !inside.equals(mediaType)) {
      throw new Fault.Invalid(
          "ambiguous manifest: it calls itself " + inside + " and was given as " + mediaType);
    }
    boolean index = wire.manifests != null;
    if (index == (wire.layers != null || wire.config != null)) {
      throw new Fault.Invalid("ambiguous manifest: want either config and layers, or manifests");
    }
    String type = mediaType != null ? mediaType : inside;
    if (type == null) {
      type = index ? MediaType.OCI_INDEX : MediaType.OCI_MANIFEST;
    }
    if (index != MediaType.isIndex(type) || index == MediaType.isManifest(type)) {
      throw new Fault.Invalid("media type " + type + " does not fit the manifest's content");
    }
    checkWhole(wire.layers, "layer");
    checkWhole(wire.manifests, "manifest");
    if (wire.annotations != null && wire.annotations.values().stream().anyMatch(Objects::isNull)) {
      throw new Fault.Invalid("invalid manifest: an annotation is null");
    }
    return Document.of(type, value(wire), bytes);
  }

  private static void checkWhole(@Nullable List<Descriptor> descriptors, String what) {
    if (descriptors != null && descriptors.stream().anyMatch(Objects::isNull)) {
      throw new Fault.Invalid("invalid manifest: a " + what + " is null");
    }
  }

  private static Manifest value(Wire wire) {
    Map<String, String> annotations = wire.annotations == null ? Map.of() : wire.annotations;
    if (wire.manifests != null) {
      return new Manifest.Index(wire.manifests, wire.subject, annotations);
    }
    if (wire.config == null || wire.layers == null) {
      throw new Fault.Invalid("invalid manifest: config and layers are required");
    }
    return new Manifest.Image(wire.config, wire.layers, wire.subject, annotations);
  }

  /// Writes a manifest as a document of its own; equal manifests give equal bytes.
  public static Document<Manifest> write(String mediaType, Manifest manifest) {
    Wire wire =
        switch (manifest) {
          case Manifest.Image image ->
              new Wire(
                  2,
                  mediaType,
                  image.config(),
                  image.layers(),
                  null,
                  image.subject(),
                  image.annotations());
          case Manifest.Index index ->
              new Wire(
                  2,
                  mediaType,
                  null,
                  null,
                  index.manifests(),
                  index.subject(),
                  index.annotations());
        };
    byte[] json = lean(wire);
    boolean none =
        switch (manifest) {
          case Manifest.Image image -> image.layers().isEmpty();
          case Manifest.Index index -> index.manifests().isEmpty();
        };
    return Document.of(mediaType, manifest, none ? withNone(manifest, json) : json);
  }

  /// Says that there is nothing where the specification wants a list, which the library leaves out.
  private static byte[] withNone(Manifest manifest, byte[] json) {
    String text = new String(json, StandardCharsets.UTF_8);
    String name = manifest instanceof Manifest.Index ? "manifests" : "layers";
    return (text.substring(0, text.length() - 1) + ",\"" + name + "\":[]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  /// Writes something with descriptors in it as other people's tools do, without empty annotations.
  public static byte[] lean(Object value) {
    // The library writes empty maps whatever it is told. Within a string the quotes were escaped.
    String json = new String(Json.lean().write(value), StandardCharsets.UTF_8);
    return json.replace(",\"annotations\":{}", "").getBytes(StandardCharsets.UTF_8);
  }
}
