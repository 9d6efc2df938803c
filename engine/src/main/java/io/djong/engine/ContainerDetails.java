package io.djong.engine;

import io.djong.linux.IdMapping;
import io.djong.model.ContainerId;
import io.djong.model.Digest;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.network.NetworkDriver.Endpoint;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything known about one container at one moment. `config` is complete: the image's defaults
/// are merged in.
///
/// @param path the command; `args` its arguments
/// @param imageId the config digest of the image it was made from
/// @param networks by network name; the endpoint is null while it does not run
/// @param health null if it has no health check, or was not looked at since the engine opened
/// @param idMapping its ids, and those of the host that they are; null if they are the same
/// @param resolvConfPath and the other paths are files on the host
public record ContainerDetails(
    ContainerId id,
    String name,
    Instant created,
    String path,
    List<String> args,
    ContainerState state,
    Digest imageId,
    ContainerConfig config,
    HostConfig host,
    Map<String, NetworkPlace> networks,
    List<MountView> mounts,
    String driver,
    String platform,
    int restartCount,
    @Nullable Path logPath,
    Path resolvConfPath,
    Path hostnamePath,
    Path hostsPath,
    List<String> execIds,
    @Nullable String sandboxKey,
    @Nullable Sizes sizes,
    @Nullable Health health,
    @Nullable IdMapping idMapping) {

  /// @param names by which others in this network find it
  public record NetworkPlace(
      String networkId,
      NetworkingConfig.EndpointConfig asked,
      @Nullable Endpoint endpoint,
      List<String> names) {}

  /// A mount as the container has it. `type` is bind, volume or tmpfs; `name` a volume's.
  public record MountView(
      String type,
      @Nullable String name,
      String source,
      String destination,
      @Nullable String driver,
      String mode,
      boolean writable,
      String propagation) {}

  /// How well it is: `status` is starting, healthy or unhealthy; `log` has the last probes, oldest
  /// first.
  public record Health(String status, int failingStreak, List<Probe> log) {
    /// One look; `exitCode` is 0 if it was well, -1 if the probe did not end in time.
    public record Probe(Instant start, Instant end, int exitCode, String output) {}
  }

  /// In bytes.
  public record Sizes(long writable, long rootFs) {}
}
