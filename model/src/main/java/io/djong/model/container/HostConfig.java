package io.djong.model.container;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a container may have of its host (Docker Engine API, `HostConfig`). Sizes are in bytes,
/// `nanoCpus` in billionths of a processor; 0 means no limit unless a property says otherwise.
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record HostConfig(
    @Property("Binds") @Nullable List<String> binds,
    @Nullable @Property("ContainerIDFile") String containerIdFile,
    LogConfig logConfig,
    String networkMode,
    Map<String, List<PortBinding>> portBindings,
    RestartPolicy restartPolicy,
    boolean autoRemove,
    @Nullable String volumeDriver,
    @Nullable List<String> volumesFrom,
    @Property("Mounts") @Nullable List<MountPoint> mounts,
    @Nullable List<Integer> consoleSize,
    @Property("Annotations") Map<String, String> annotations,
    @Nullable List<String> capAdd,
    @Nullable List<String> capDrop,
    @Nullable String cgroupnsMode,
    @Property("Dns") @Nullable List<String> dns,
    @Nullable List<String> dnsOptions,
    @Nullable List<String> dnsSearch,
    @Nullable List<String> extraHosts,
    @Nullable List<String> groupAdd,
    @Nullable String ipcMode,
    @Property("Cgroup") @Nullable String cgroup,
    @Property("Links") @Nullable List<String> links,
    int oomScoreAdj,
    @Nullable String pidMode,
    @Property("Privileged") boolean privileged,
    boolean publishAllPorts,
    boolean readonlyRootfs,
    @Nullable List<String> securityOpt,
    @Nullable Map<String, String> storageOpt,
    @Property("Tmpfs") Map<String, String> tmpfs,
    @Property("UTSMode") @Nullable String utsMode,
    @Nullable String usernsMode,
    long shmSize,
    @Property("Sysctls") Map<String, String> sysctls,
    @Property("Runtime") @Nullable String runtime,
    @Property("Isolation") @Nullable String isolation,
    long cpuShares,
    @Property("Memory") long memory,
    long nanoCpus,
    @Nullable String cgroupParent,
    int blkioWeight,
    @Nullable List<DeviceWeight> blkioWeightDevice,
    @Nullable List<DeviceRate> blkioDeviceReadBps,
    @Nullable List<DeviceRate> blkioDeviceWriteBps,
    @Nullable @Property("BlkioDeviceReadIOps") List<DeviceRate> blkioDeviceReadIOps,
    @Nullable @Property("BlkioDeviceWriteIOps") List<DeviceRate> blkioDeviceWriteIOps,
    long cpuPeriod,
    long cpuQuota,
    long cpuRealtimePeriod,
    long cpuRealtimeRuntime,
    @Nullable String cpusetCpus,
    @Nullable String cpusetMems,
    @Property("Devices") @Nullable List<Device> devices,
    @Nullable List<String> deviceCgroupRules,
    @Nullable List<Object> deviceRequests,
    long memoryReservation,
    long memorySwap,
    @Nullable Long memorySwappiness,
    @Nullable Boolean oomKillDisable,
    @Nullable Long pidsLimit,
    @Property("Ulimits") @Nullable List<Ulimit> ulimits,
    @Property("Init") @Nullable Boolean init,
    @Nullable List<String> maskedPaths,
    @Nullable List<String> readonlyPaths) {

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public HostConfig {
    logConfig = logConfig == null ? new LogConfig("", Map.of()) : logConfig;
    networkMode = networkMode == null || networkMode.isEmpty() ? "default" : networkMode;
    portBindings = portBindings == null ? Map.of() : portBindings;
    restartPolicy = restartPolicy == null ? new RestartPolicy("no", 0) : restartPolicy;
    annotations = annotations == null ? Map.of() : annotations;
    tmpfs = tmpfs == null ? Map.of() : tmpfs;
    sysctls = sysctls == null ? Map.of() : sysctls;
  }

  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record LogConfig(
      @Property("Type") String type, @Property("Config") Map<String, String> config) {
    @SuppressWarnings("ConstantValue")
    public LogConfig {
      type = type == null ? "" : type;
      config = config == null ? Map.of() : config;
    }
  }

  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record RestartPolicy(@Property("Name") String name, int maximumRetryCount) {
    @SuppressWarnings("ConstantValue")
    public RestartPolicy {
      name = name == null || name.isEmpty() ? "no" : name;
    }
  }

  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record PortBinding(String hostIp, String hostPort) {
    @SuppressWarnings("ConstantValue")
    public PortBinding {
      hostIp = hostIp == null ? "" : hostIp;
      hostPort = hostPort == null ? "" : hostPort;
    }
  }

  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record Device(
      String pathOnHost, String pathInContainer, @Nullable String cgroupPermissions) {}

  /// A block device and its share, 10 to 1000.
  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record DeviceWeight(@Property("Path") String path, @Property("Weight") int weight) {}

  /// A block device and what it may do each second, in bytes or operations.
  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record DeviceRate(@Property("Path") String path, @Property("Rate") long rate) {}

  /// `soft` and `hard` of -1 mean unlimited.
  @Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
  public record Ulimit(
      @Property("Name") String name, @Property("Soft") long soft, @Property("Hard") long hard) {}
}
