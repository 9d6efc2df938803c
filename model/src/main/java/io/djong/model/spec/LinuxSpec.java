package io.djong.model.spec;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is Linux's own in a bundle (OCI runtime specification, Linux Container Configuration).
@Json
public record LinuxSpec(
    List<Namespace> namespaces,
    @Nullable List<IdRange> uidMappings,
    @Nullable List<IdRange> gidMappings,
    List<Device> devices,
    String cgroupsPath,
    LinuxResources resources,
    @Nullable String rootfsPropagation,
    @Nullable Seccomp seccomp,
    Map<String, String> sysctl,
    List<String> maskedPaths,
    List<String> readonlyPaths) {

  /// A namespace to make, or with a path one to join.
  @Json
  public record Namespace(String type, @Nullable String path) {}

  /// As many ids one after the other: the first one in the container and on the host.
  @Json
  public record IdRange(
      @Json.Property("containerID") long container,
      @Json.Property("hostID") long host,
      long size) {}

  /// A device node to make. `type` is `c` or `b`.
  @Json
  public record Device(
      String path,
      String type,
      long major,
      long minor,
      @Nullable Integer fileMode,
      @Nullable Integer uid,
      @Nullable Integer gid) {}
}
