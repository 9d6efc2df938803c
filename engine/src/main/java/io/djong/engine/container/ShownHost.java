package io.djong.engine.container;

import io.djong.model.container.HostConfig;
import io.djong.model.container.HostConfig.LogConfig;
import io.djong.runtime.ContainerRuntime;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Completes what was asked of the host with what a container got where nothing was asked, as
/// people are shown it. Safe for use by several threads.
final class ShownHost {
  private final RuntimeSpecs specs;
  private final Machine machine;
  private final ContainerRuntime runtime;
  private volatile @Nullable String runtimeName;

  ShownHost(RuntimeSpecs specs, Machine machine, ContainerRuntime runtime) {
    this.specs = specs;
    this.machine = machine;
    this.runtime = runtime;
  }

  HostConfig of(HostConfig host) throws IOException {
    boolean ownCgroups = machine.cgroup2() && !host.privileged();
    Long swappiness = host.memorySwappiness();
    Long pids = host.pidsLimit();
    return new HostConfig(
        host.binds(),
        host.containerIdFile(),
        host.logConfig().type().isEmpty()
            ? new LogConfig("json-file", host.logConfig().config())
            : host.logConfig(),
        host.networkMode().equals("default") ? "bridge" : host.networkMode(),
        host.portBindings(),
        host.restartPolicy(),
        host.autoRemove(),
        host.volumeDriver(),
        host.volumesFrom(),
        host.mounts(),
        host.consoleSize(),
        host.annotations(),
        host.capAdd(),
        host.capDrop(),
        said(host.cgroupnsMode(), ownCgroups ? "private" : "host"),
        host.dns(),
        host.dnsOptions(),
        host.dnsSearch(),
        host.extraHosts(),
        host.groupAdd(),
        said(host.ipcMode(), "private"),
        host.cgroup(),
        host.links(),
        host.oomScoreAdj(),
        host.pidMode(),
        host.privileged(),
        host.publishAllPorts(),
        host.readonlyRootfs(),
        host.securityOpt(),
        host.storageOpt(),
        host.tmpfs(),
        host.utsMode(),
        host.usernsMode(),
        host.shmSize() == 0 ? StandardMounts.DEFAULT_SHM : host.shmSize(),
        host.sysctls(),
        said(host.runtime(), runtimeName()),
        host.isolation(),
        host.cpuShares(),
        host.memory(),
        host.nanoCpus(),
        host.cgroupParent(),
        host.blkioWeight(),
        host.blkioWeightDevice(),
        host.blkioDeviceReadBps(),
        host.blkioDeviceWriteBps(),
        host.blkioDeviceReadIOps(),
        host.blkioDeviceWriteIOps(),
        host.cpuPeriod(),
        host.cpuQuota(),
        host.cpuRealtimePeriod(),
        host.cpuRealtimeRuntime(),
        host.cpusetCpus(),
        host.cpusetMems(),
        host.devices(),
        host.deviceCgroupRules(),
        host.deviceRequests(),
        host.memoryReservation(),
        ResourceLimits.shownSwap(host),
        swappiness == null || swappiness < 0 ? null : swappiness,
        host.oomKillDisable(),
        pids == null || pids <= 0 ? null : pids,
        host.ulimits(),
        host.init(),
        specs.maskedPaths(host),
        RuntimeSpecs.readonlyPaths(host));
  }

  private static String said(@Nullable String asked, String otherwise) {
    return asked == null || asked.isEmpty() ? otherwise : asked;
  }

  // Asking costs a process, and most calls want nothing but a list.
  private String runtimeName() throws IOException {
    String name = runtimeName;
    if (name == null) {
      name = runtime.version().name();
      runtimeName = name;
    }
    return name;
  }
}
