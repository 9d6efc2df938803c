package io.djong.engine;

import io.djong.linux.CgroupUsage;
import io.djong.linux.NetworkCounters;
import io.djong.model.ContainerId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a container has used up to now.
///
/// @param name without a slash
/// @param counted null if it does not run
public record ContainerUsage(ContainerId id, String name, Instant read, @Nullable Counted counted) {
  /// @param systemCpu what all processors of the machine have done since its boot, in nanoseconds
  /// @param memoryLimit its own, or what the machine has
  /// @param networks by interface; empty if it has none of its own
  public record Counted(
      CgroupUsage group,
      long systemCpu,
      int cpus,
      long memoryLimit,
      Map<String, NetworkCounters> networks) {}
}
