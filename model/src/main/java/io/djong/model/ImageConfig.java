package io.djong.model;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An image's config document (OCI image specification, Image Configuration; Docker's is the same
/// shape). `created` is an RFC 3339 time. `rootfs.diffIds` go from the base upwards; `history`
/// entries that are not empty layers match them one to one.
@Json
public record ImageConfig(
    @Nullable String created,
    @Nullable String author,
    String architecture,
    @Nullable String variant,
    String os,
    @Json.Property("os.version") @Nullable String osVersion,
    @Nullable RunConfig config,
    RootFs rootfs,
    List<History> history) {

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public ImageConfig {
    architecture = architecture == null ? "" : architecture;
    os = os == null ? "" : os;
    if (rootfs == null) {
      throw new Fault.Invalid("invalid image config: rootfs is required");
    }
    history = history == null ? List.of() : List.copyOf(history);
  }

  @Json
  public record RootFs(String type, @Json.Property("diff_ids") List<Digest> diffIds) {
    @SuppressWarnings("ConstantValue")
    public RootFs {
      type = type == null ? "layers" : type;
      diffIds = diffIds == null ? List.of() : List.copyOf(diffIds);
    }
  }

  @Json
  public record History(
      @Nullable String created,
      @Nullable String author,
      @Json.Property("created_by") @Nullable String createdBy,
      @Nullable String comment,
      @Json.Property("empty_layer") boolean emptyLayer) {}

  public Platform platform() {
    return new Platform(architecture, os, osVersion, variant);
  }
}
