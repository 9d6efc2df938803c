package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything about one container (`GET /containers/{id}/json`). Times are RFC 3339 with up to nine
/// decimals; the year 1 stands for never. Sizes are in bytes and null unless asked for.
@Json(naming = Json.Naming.UpperCamel)
public record ContainerInspect(
    String id,
    String created,
    String path,
    List<String> args,
    State state,
    String image,
    String resolvConfPath,
    String hostnamePath,
    String hostsPath,
    String logPath,
    String name,
    int restartCount,
    String driver,
    String platform,
    String mountLabel,
    String processLabel,
    String appArmorProfile,
    @Property("ExecIDs") @Nullable List<String> execIds,
    HostConfig hostConfig,
    GraphDriver graphDriver,
    @Nullable Long sizeRw,
    @Nullable Long sizeRootFs,
    List<Mount> mounts,
    ContainerConfig config,
    NetworkSettings networkSettings) {

  /// Where it is in its life. `status` is created, running, paused, restarting, removing, exited or
  /// dead.
  @Json(naming = Json.Naming.UpperCamel)
  public record State(
      String status,
      boolean running,
      boolean paused,
      boolean restarting,
      @Property("OOMKilled") boolean oomKilled,
      boolean dead,
      int pid,
      int exitCode,
      String error,
      String startedAt,
      String finishedAt,
      @Nullable Health health) {}

  /// How well it is.
  @Json(naming = Json.Naming.UpperCamel)
  public record Health(String status, int failingStreak, @Nullable List<Object> log) {}

  /// Where its tree is.
  @Json(naming = Json.Naming.UpperCamel)
  public record GraphDriver(@Nullable Map<String, String> data, String name) {}

  /// A mount it has. `name` and `driver` are those of a volume, else null.
  @Json(naming = Json.Naming.UpperCamel)
  public record Mount(
      String type,
      @Nullable String name,
      String source,
      String destination,
      @Nullable String driver,
      String mode,
      @Property("RW") boolean rw,
      String propagation) {}

  /// Its networks. The properties after `secondaryIPv6Addresses` repeat those of the default
  /// bridge, for old clients.
  @Json(naming = Json.Naming.UpperCamel)
  public record NetworkSettings(
      String bridge,
      @Property("SandboxID") String sandboxId,
      String sandboxKey,
      Map<String, @Nullable List<HostConfig.PortBinding>> ports,
      boolean hairpinMode,
      @Property("LinkLocalIPv6Address") String linkLocalIpv6Address,
      @Property("LinkLocalIPv6PrefixLen") int linkLocalIpv6PrefixLen,
      @Property("SecondaryIPAddresses") @Nullable List<Object> secondaryIpAddresses,
      @Property("SecondaryIPv6Addresses") @Nullable List<Object> secondaryIpv6Addresses,
      @Property("EndpointID") String endpointId,
      String gateway,
      @Property("GlobalIPv6Address") String globalIpv6Address,
      @Property("GlobalIPv6PrefixLen") int globalIpv6PrefixLen,
      @Property("IPAddress") String ipAddress,
      @Property("IPPrefixLen") int ipPrefixLen,
      @Property("IPv6Gateway") String ipv6Gateway,
      String macAddress,
      Map<String, EndpointSettings> networks) {}
}
