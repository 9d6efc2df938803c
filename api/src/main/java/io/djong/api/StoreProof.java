package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;

/// What a check of the store found (`POST /djong/fsck`, djong's own). `sound` if all is well, or
/// was mended.
@Json(naming = Json.Naming.UpperCamel)
public record StoreProof(
    @Property("Sound") boolean sound,
    @Property("Images") int images,
    @Property("Layers") int layers,
    @Property("Blobs") int blobs,
    @Property("BlobBytes") long blobBytes,
    @Property("Findings") List<Finding> findings) {

  /// Something that is not as it should be.
  @Json(naming = Json.Naming.UpperCamel)
  public record Finding(
      @Property("Kind") String kind,
      @Property("Subject") String subject,
      @Property("Problem") String problem,
      @Property("Repaired") boolean repaired) {}
}
