package io.djong.model.spec;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `config.json` of a bundle (OCI runtime specification, Configuration).
@Json
public record RuntimeSpec(
    String ociVersion,
    ProcessSpec process,
    Root root,
    @Nullable String hostname,
    List<Mount> mounts,
    LinuxSpec linux,
    Map<String, String> annotations) {

  /// The same with these annotations instead of its own.
  public RuntimeSpec withAnnotations(Map<String, String> others) {
    return new RuntimeSpec(ociVersion, process, root, hostname, mounts, linux, others);
  }

  /// `path` is absolute on the host.
  @Json
  public record Root(String path, boolean readonly) {}

  /// `destination` is absolute inside the container; mounts are made in their order.
  @Json
  public record Mount(
      String destination, String type, @Nullable String source, List<String> options) {}
}
