package io.djong.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The volumes of this engine: folders that outlive containers. Durable when a call returns. Safe
/// for use by several threads.
public interface Volumes {
  /// Idempotent for the same name.
  ///
  /// @param name null draws one (64 hex digits; the volume is anonymous)
  /// @param options of the driver `local`: what is mounted there while a container runs on it
  /// @throws io.djong.model.Fault.Conflict if there is one of this name with other options
  VolumeDetails create(
      @Nullable String name, Map<String, String> options, Map<String, String> labels)
      throws IOException;

  List<VolumeDetails> list(Filters filters) throws IOException;

  /// @throws io.djong.model.Fault.NotFound if there is none (`get …: no such volume`)
  VolumeDetails inspect(String name) throws IOException;

  /// @throws io.djong.model.Fault.Conflict if a container uses it
  void remove(String name, boolean force) throws IOException;

  Containers.Pruned prune(Filters filters) throws IOException;

  /// How many bytes the files of a volume hold; walks all of them.
  long size(String name) throws IOException;

  record VolumeDetails(
      String name,
      Path mountpoint,
      Map<String, String> options,
      Map<String, String> labels,
      Instant created,
      boolean anonymous) {}
}
