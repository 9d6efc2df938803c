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
    @Property("Containers") int containers,
    int containersRunning,
    int containersPaused,
    int containersStopped,
    @Property("Images") int images,
    @Property("Driver") String driver,
    List<List<String>> driverStatus,
    @Property("Plugins") Plugins plugins,
    boolean memoryLimit,
    boolean swapLimit,
    @Property("KernelMemoryTCP") boolean kernelMemoryTcp,
    boolean cpuCfsPeriod,
    boolean cpuCfsQuota,
    @Property("CPUShares") boolean cpuShares,
    @Property("CPUSet") boolean cpuSet,
    boolean pidsLimit,
    @Property("IPv4Forwarding") boolean ipv4Forwarding,
    @Property("Debug") boolean debug,
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
    @Property("Architecture") String architecture,
    String indexServerAddress,
    RegistryConfig registryConfig,
    @Property("NCPU") int cpus,
    long memTotal,
    @Nullable List<Object> genericResources,
    String dockerRootDir,
    String httpProxy,
    String httpsProxy,
    String noProxy,
    @Property("Name") String name,
    @Property("Labels") List<String> labels,
    boolean experimentalBuild,
    String serverVersion,
    @Property("Runtimes") Map<String, OciRuntime> runtimes,
    String defaultRuntime,
    @Property("Swarm") Swarm swarm,
    boolean liveRestoreEnabled,
    @Property("Isolation") String isolation,
    String initBinary,
    Commit containerdCommit,
    Commit runcCommit,
    Commit initCommit,
    List<String> securityOptions,
    @Nullable Firewall firewallBackend,
    @Property("CDISpecDirs") List<String> cdiSpecDirs,
    @Property("Warnings") @Nullable List<String> warnings) {

  /// Kinds of things, by what the engine has of them.
  @Json(naming = Json.Naming.UpperCamel)
  public record Plugins(
      @Property("Volume") List<String> volume,
      @Property("Network") List<String> network,
      @Property("Authorization") @Nullable List<String> authorization,
      @Property("Log") List<String> log) {}

  /// How registries are reached.
  @Json(naming = Json.Naming.UpperCamel)
  public record RegistryConfig(
      Map<String, Object> indexConfigs,
      @Property("InsecureRegistryCIDRs") List<String> insecureRegistryCidrs,
      @Property("Mirrors") @Nullable List<String> mirrors) {}

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
      @Property("Error") String error,
      @Nullable List<Object> remoteManagers) {
    public static final Swarm INACTIVE = new Swarm("", "", "inactive", false, "", null);
  }

  /// A version of a program.
  @Json
  public record Commit(@Property("ID") String id) {}

  /// What filters packets.
  @Json(naming = Json.Naming.UpperCamel)
  public record Firewall(@Property("Driver") String driver) {}
}
