package io.djong.model.container;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A mount that is asked for (Docker Engine API, `Mount`). `type` is bind, volume, tmpfs or image.
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record MountPoint(
    @Property("Type") String type,
    @Property("Source") String source,
    @Property("Target") String target,
    boolean readOnly,
    @Property("Consistency") @Nullable String consistency,
    @Nullable BindOptions bindOptions,
    @Nullable VolumeOptions volumeOptions,
    @Nullable TmpfsOptions tmpfsOptions,
    @Nullable ImageOptions imageOptions) {

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public MountPoint {
    type = type == null ? "" : type;
    source = source == null ? "" : source;
    target = target == null ? "" : target;
  }

  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record BindOptions(
      @Property("Propagation") @Nullable String propagation,
      boolean nonRecursive,
      boolean createMountpoint,
      boolean readOnlyNonRecursive,
      boolean readOnlyForceRecursive) {}

  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record VolumeOptions(
      boolean noCopy,
      @Property("Labels") @Nullable Map<String, String> labels,
      @Nullable DriverConfig driverConfig,
      @Property("Subpath") @Nullable String subpath) {}

  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record DriverConfig(
      @Property("Name") @Nullable String name,
      @Property("Options") @Nullable Map<String, String> options) {}

  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record ImageOptions(@Property("Subpath") @Nullable String subpath) {}

  /// `sizeBytes` 0 means no limit; `mode` is a file mode, 0 means 01777.
  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record TmpfsOptions(
      long sizeBytes,
      @Property("Mode") int mode,
      @Property("Options") @Nullable List<List<String>> options) {}
}
