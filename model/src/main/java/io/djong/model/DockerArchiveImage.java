package io.djong.model;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One image in the `manifest.json` of the archive that `docker save` writes (Docker image
/// specification 1.2, Combined Image JSON + Filesystem Changeset Format). Paths are relative to the
/// archive; layers go from the base upwards. What the layers are, by diffID, is what Docker 25 and
/// later add.
@Json(naming = Json.Naming.UpperCamel)
public record DockerArchiveImage(
    @Property("Config") String config,
    List<String> repoTags,
    @Property("Layers") List<String> layers,
    @Property("LayerSources") @Nullable Map<String, Descriptor> layerSources) {

  /// @throws Fault.Invalid if there is no config
  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public DockerArchiveImage {
    if (config == null) {
      throw new Fault.Invalid("invalid manifest.json: an image without Config");
    }
    repoTags = repoTags == null ? List.of() : List.copyOf(repoTags);
    layers = layers == null ? List.of() : List.copyOf(layers);
  }
}
