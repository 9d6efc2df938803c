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
    @Property("Id") String id,
    @Property("Created") String created,
    @Property("Path") String path,
    @Property("Args") List<String> args,
    @Property("State") State state,
    @Property("Image") String image,
    String resolvConfPath,
    String hostnamePath,
    String hostsPath,
    String logPath,
    @Property("Name") String name,
    int restartCount,
    @Property("Driver") String driver,
    @Property("Platform") String platform,
    String mountLabel,
    String processLabel,
    String appArmorProfile,
    @Property("ExecIDs") @Nullable List<String> execIds,
    HostConfig hostConfig,
    GraphDriver graphDriver,
    @Nullable Long sizeRw,
    @Nullable Long sizeRootFs,
    @Property("Mounts") List<Mount> mounts,
    @Property("Config") ContainerConfig config,
    NetworkSettings networkSettings,
    @Property("IDMappings") @Nullable IdMappings idMappings) {

  /// djong's own: its ids and those of the host that they are, as `INSIDE:HOST:COUNT`. Null if it
  /// has no user namespace.
  @Json(naming = Json.Naming.UpperCamel)
  public record IdMappings(List<String> uidMap, List<String> gidMap) {}

  /// Where it is in its life. `status` is created, running, paused, restarting, removing, exited or
  /// dead.
  @Json(naming = Json.Naming.UpperCamel)
  public record State(
      @Property("Status") String status,
      @Property("Running") boolean running,
      @Property("Paused") boolean paused,
      @Property("Restarting") boolean restarting,
      @Property("OOMKilled") boolean oomKilled,
      @Property("Dead") boolean dead,
      @Property("Pid") int pid,
      int exitCode,
      @Property("Error") String error,
      String startedAt,
      String finishedAt,
      @Property("Health") @Nullable Health health) {
    public State with(@Nullable Health newHealth) {
      return new State(
          status,
          running,
          paused,
          restarting,
          oomKilled,
          dead,
          pid,
          exitCode,
          error,
          startedAt,
          finishedAt,
          newHealth);
    }
  }

  /// How well it is.
  @Json(naming = Json.Naming.UpperCamel)
  public record Health(
      @Property("Status") String status,
      int failingStreak,
      @Property("Log") @Nullable List<Probe> log) {}

  /// One look at a container's health.
  @Json(naming = Json.Naming.UpperCamel)
  public record Probe(
      @Property("Start") String start,
      @Property("End") String end,
      int exitCode,
      @Property("Output") String output) {}

  /// Where its tree is.
  @Json(naming = Json.Naming.UpperCamel)
  public record GraphDriver(
      @Property("Data") @Nullable Map<String, String> data, @Property("Name") String name) {}

  /// A mount it has. `name` and `driver` are those of a volume, else null.
  @Json(naming = Json.Naming.UpperCamel)
  public record Mount(
      @Property("Type") String type,
      @Property("Name") @Nullable String name,
      @Property("Source") String source,
      @Property("Destination") String destination,
      @Property("Driver") @Nullable String driver,
      @Property("Mode") String mode,
      @Property("RW") boolean rw,
      @Property("Propagation") String propagation) {}

  /// Its networks. The properties after `secondaryIPv6Addresses` repeat those of the default
  /// bridge, for old clients.
  @Json(naming = Json.Naming.UpperCamel)
  public record NetworkSettings(
      @Property("Bridge") String bridge,
      @Property("SandboxID") String sandboxId,
      String sandboxKey,
      @Property("Ports") Map<String, @Nullable List<HostConfig.PortBinding>> ports,
      boolean hairpinMode,
      @Property("LinkLocalIPv6Address") String linkLocalIpv6Address,
      @Property("LinkLocalIPv6PrefixLen") int linkLocalIpv6PrefixLen,
      @Property("SecondaryIPAddresses") @Nullable List<Object> secondaryIpAddresses,
      @Property("SecondaryIPv6Addresses") @Nullable List<Object> secondaryIpv6Addresses,
      @Property("EndpointID") String endpointId,
      @Property("Gateway") String gateway,
      @Property("GlobalIPv6Address") String globalIpv6Address,
      @Property("GlobalIPv6PrefixLen") int globalIpv6PrefixLen,
      @Property("IPAddress") String ipAddress,
      @Property("IPPrefixLen") int ipPrefixLen,
      @Property("IPv6Gateway") String ipv6Gateway,
      String macAddress,
      @Property("Networks") Map<String, EndpointSettings> networks) {}
}
