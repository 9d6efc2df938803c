package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The engine and its machine (`GET /info`). Memory in bytes.
@Json(naming = Json.Naming.UpperCamel)
public record SystemInfo(
    @Property("ID") String id,
    int containers,
    int containersRunning,
    int containersPaused,
    int containersStopped,
    int images,
    String driver,
    List<List<String>> driverStatus,
    Plugins plugins,
    boolean memoryLimit,
    boolean swapLimit,
    @Property("KernelMemoryTCP") boolean kernelMemoryTcp,
    boolean cpuCfsPeriod,
    boolean cpuCfsQuota,
    @Property("CPUShares") boolean cpuShares,
    @Property("CPUSet") boolean cpuSet,
    boolean pidsLimit,
    @Property("IPv4Forwarding") boolean ipv4Forwarding,
    boolean debug,
    @Property("NFd") int fileDescriptors,
    boolean oomKillDisable,
    @Property("NGoroutines") int threads,
    String systemTime,
    String loggingDriver,
    String cgroupDriver,
    String cgroupVersion,
    @Property("NEventsListener") int eventsListeners,
    String kernelVersion,
    String operatingSystem,
    @Property("OSVersion") String osVersion,
    @Property("OSType") String osType,
    String architecture,
    String indexServerAddress,
    RegistryConfig registryConfig,
    @Property("NCPU") int cpus,
    long memTotal,
    @Nullable List<Object> genericResources,
    String dockerRootDir,
    String httpProxy,
    String httpsProxy,
    String noProxy,
    String name,
    List<String> labels,
    boolean experimentalBuild,
    String serverVersion,
    Map<String, OciRuntime> runtimes,
    String defaultRuntime,
    Swarm swarm,
    boolean liveRestoreEnabled,
    String isolation,
    String initBinary,
    Commit containerdCommit,
    Commit runcCommit,
    Commit initCommit,
    List<String> securityOptions,
    @Nullable Firewall firewallBackend,
    @Property("CDISpecDirs") List<String> cdiSpecDirs,
    @Nullable List<String> warnings) {

  /// Kinds of things, by what the engine has of them.
  @Json(naming = Json.Naming.UpperCamel)
  public record Plugins(
      List<String> volume,
      List<String> network,
      @Nullable List<String> authorization,
      List<String> log) {}

  /// How registries are reached.
  @Json(naming = Json.Naming.UpperCamel)
  public record RegistryConfig(
      Map<String, Object> indexConfigs,
      @Property("InsecureRegistryCIDRs") List<String> insecureRegistryCidrs,
      @Nullable List<String> mirrors) {}

  /// An OCI runtime.
  @Json
  public record OciRuntime(String path) {}

  /// The cluster it is not part of.
  @Json(naming = Json.Naming.UpperCamel)
  public record Swarm(
      @Property("NodeID") String nodeId,
      String nodeAddr,
      String localNodeState,
      boolean controlAvailable,
      String error,
      @Nullable List<Object> remoteManagers) {
    public static final Swarm INACTIVE = new Swarm("", "", "inactive", false, "", null);
  }

  /// A version of a program.
  @Json
  public record Commit(@Property("ID") String id) {}

  /// What filters packets.
  @Json(naming = Json.Naming.UpperCamel)
  public record Firewall(String driver) {}
}
