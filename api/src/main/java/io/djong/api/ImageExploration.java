package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;

/// What is in an image (`GET /djong/images/{name}/explore`, djong's own). Sizes are bytes of files;
/// layers go from the base upwards and are counted from 0.
@Json(naming = Json.Naming.UpperCamel)
public record ImageExploration(
    @Property("Id") String id,
    @Property("Size") long size,
    @Property("Wasted") long wasted,
    @Property("Layers") List<Layer> layers,
    @Property("WastedFiles") List<FoundFile> wastedFiles,
    @Property("LargestFiles") List<FoundFile> largestFiles) {

  /// One layer, and the instruction that made it. `wasted` bytes of it are hidden by higher ones.
  @Json(naming = Json.Naming.UpperCamel)
  public record Layer(
      @Property("DiffId") String diffId,
      @Property("CreatedBy") String createdBy,
      @Property("Size") long size,
      @Property("Files") int files,
      @Property("Added") int added,
      @Property("Changed") int changed,
      @Property("Removed") int removed,
      @Property("Wasted") long wasted) {}

  /// A file of a layer; `goneIn` is the layer that hides it, -1 if none does.
  @Json(naming = Json.Naming.UpperCamel)
  public record FoundFile(
      @Property("Path") String path,
      @Property("Size") long size,
      @Property("Layer") int layer,
      @Property("GoneIn") int goneIn) {}
}
