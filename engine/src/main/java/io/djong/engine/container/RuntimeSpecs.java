package io.djong.engine.container;

import io.djong.engine.container.Accounts.Identity;
import io.djong.linux.IdMapping;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.HostConfig.Ulimit;
import io.djong.model.record.ContainerRecord;
import io.djong.model.spec.LinuxResources.BlockIo;
import io.djong.model.spec.LinuxSpec;
import io.djong.model.spec.LinuxSpec.Device;
import io.djong.model.spec.LinuxSpec.Namespace;
import io.djong.model.spec.ProcessSpec;
import io.djong.model.spec.ProcessSpec.Rlimit;
import io.djong.model.spec.RuntimeSpec;
import io.djong.model.spec.RuntimeSpec.Mount;
import io.djong.model.spec.Seccomp;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Says to the OCI runtime what a container is: a pure function of what was asked, what the machine
/// has and what was prepared.
final class RuntimeSpecs {
  private static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/sys/devices/virtual/powercap",
          "/sys/firmware");
  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");
  private static final BigInteger UNLIMITED = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private final Machine machine;
  private final SeccompProfile seccomp;

  RuntimeSpecs(Machine machine, SeccompProfile seccomp) {
    this.machine = machine;
    this.seccomp = seccomp;
  }

  /// What was prepared for one container.
  ///
  /// @param mounts the container's own, in the order in which they are made
  /// @param networkNamespace to join; null is the host's
  /// @param init a program that reaps and forwards signals, if it is wanted
  /// @param joined namespaces of others, by the runtime's words for them
  /// @param sharedMemory where `/dev/shm` comes from if others have it too
  /// @param devices nodes of the host that it may use besides the default ones
  /// @param environment variables besides its own, which come first
  /// @param users its user namespace; null if it has none
  record Prepared(
      Path rootfs,
      Identity user,
      String hostname,
      List<Mount> mounts,
      @Nullable Path networkNamespace,
      @Nullable Path init,
      List<HostDevice> devices,
      List<String> environment,
      @Nullable BlockIo blockIo,
      Map<String, Path> joined,
      @Nullable Path sharedMemory,
      @Nullable UserIds users) {}

  /// A user namespace to join, and its ids of the host.
  record UserIds(Path namespace, IdMapping mapping) {}

  /// A node of the host's `/dev`.
  record HostDevice(Device node, String access) {}

  RuntimeSpec of(ContainerRecord container, Prepared prepared) {
    ContainerConfig config = container.config();
    HostConfig host = container.host();
    List<Mount> mounts =
        new ArrayList<>(StandardMounts.of(host, prepared.sharedMemory(), prepared.users() != null));
    mounts.removeIf(
        standard ->
            prepared.mounts().stream()
                .anyMatch(own -> own.destination().equals(standard.destination())));
    mounts.addAll(prepared.mounts());
    if (prepared.init() != null) {
      mounts.add(
          new Mount(
              "/sbin/docker-init",
              "bind",
              prepared.init().toString(),
              List.of("bind", "ro", "nosuid", "nodev")));
    }
    boolean hostUts = "host".equals(host.utsMode());
    return new RuntimeSpec(
        "1.0.2",
        process(config, host, prepared),
        new RuntimeSpec.Root(prepared.rootfs().toString(), host.readonlyRootfs()),
        hostUts ? null : prepared.hostname(),
        mounts,
        linux(container, prepared),
        host.annotations());
  }

  /// One more process in a container, from what it was asked to be.
  ProcessSpec exec(
      ContainerRecord container,
      Identity user,
      List<String> args,
      List<String> env,
      String cwd,
      boolean terminal,
      boolean privileged) {
    HostConfig host = container.host();
    return new ProcessSpec(
        terminal,
        null,
        new ProcessSpec.User(user.uid(), user.gid(), user.groups()),
        args,
        env,
        cwd,
        capabilities(host, user, privileged || host.privileged()),
        rlimits(host),
        SecurityOptions.of(host.securityOpt()).noNewPrivileges(),
        Math.max(host.oomScoreAdj(), machine.oomScoreAdj()));
  }

  private ProcessSpec process(ContainerConfig config, HostConfig host, Prepared prepared) {
    List<String> args = new ArrayList<>();
    if (prepared.init() != null) {
      args.addAll(List.of("/sbin/docker-init", "--"));
    }
    args.addAll(ImageDefaults.commandLine(config));
    Identity user = prepared.user();
    List<Integer> size = host.consoleSize();
    boolean sized = config.tty() && size != null && size.size() == 2 && size.getFirst() > 0;
    return new ProcessSpec(
        config.tty(),
        sized && size != null ? new ProcessSpec.ConsoleSize(size.getFirst(), size.get(1)) : null,
        new ProcessSpec.User(user.uid(), user.gid(), user.groups()),
        args,
        Environment.of(
            prepared.hostname(),
            config.tty(),
            Environment.overlaid(prepared.environment(), config.env()),
            user.home()),
        cwd(config),
        capabilities(host, user, host.privileged()),
        rlimits(host),
        SecurityOptions.of(host.securityOpt()).noNewPrivileges(),
        Math.max(host.oomScoreAdj(), machine.oomScoreAdj()));
  }

  static String cwd(ContainerConfig config) {
    String workingDir = config.workingDir();
    return workingDir == null || workingDir.isEmpty() ? "/" : workingDir;
  }

  private ProcessSpec.Capabilities capabilities(
      HostConfig host, Identity user, boolean privileged) {
    List<String> granted =
        CapabilitySet.of(privileged, host.capAdd(), host.capDrop(), machine.bounding()).granted();
    // The kernel clears these on the way to an ordinary user; what is said here is what it does.
    List<String> own = user.uid() == 0 ? granted : List.of();
    return new ProcessSpec.Capabilities(granted, own, List.of(), own, List.of());
  }

  private List<Rlimit> rlimits(HostConfig host) {
    List<Rlimit> all = new ArrayList<>();
    for (Ulimit limit : host.ulimits() == null ? List.<Ulimit>of() : host.ulimits()) {
      String type = "RLIMIT_" + limit.name().toUpperCase(Locale.ROOT);
      BigInteger ceiling =
          machine.mayRaiseLimits() ? UNLIMITED : machine.hardLimits().getOrDefault(type, UNLIMITED);
      BigInteger hard = number(limit.hard()).min(ceiling);
      all.add(new Rlimit(type, hard, number(limit.soft()).min(hard)));
    }
    return all;
  }

  private static BigInteger number(long value) {
    return value < 0 ? UNLIMITED : BigInteger.valueOf(value);
  }

  private LinuxSpec linux(ContainerRecord container, Prepared prepared) {
    HostConfig host = container.host();
    SecurityOptions security = SecurityOptions.of(host.securityOpt());
    UserIds users = prepared.users();
    return new LinuxSpec(
        namespaces(host, prepared),
        users == null ? null : ranges(users.mapping().users()),
        users == null ? null : ranges(users.mapping().groups()),
        prepared.devices().stream().map(HostDevice::node).toList(),
        cgroupsPath(host, container.id()),
        ResourceLimits.of(host, prepared.devices(), prepared.blockIo(), machine),
        propagation(container),
        seccomp(host, security),
        sysctls(host, prepared),
        maskedPaths(host),
        readonlyPaths(host));
  }

  private static List<LinuxSpec.IdRange> ranges(List<IdMapping.Range> ranges) {
    return ranges.stream()
        .map(range -> new LinuxSpec.IdRange(range.kept(), range.shown(), range.count()))
        .toList();
  }

  /// What a container cannot look into.
  List<String> maskedPaths(HostConfig host) {
    if (host.maskedPaths() != null) {
      return host.maskedPaths();
    }
    List<String> masked = new ArrayList<>(MASKED);
    masked.addAll(machine.thermalPaths());
    return isOpen(host) ? List.of() : masked;
  }

  /// What a container cannot change.
  static List<String> readonlyPaths(HostConfig host) {
    return host.readonlyPaths() != null
        ? host.readonlyPaths()
        : isOpen(host) ? List.of() : READ_ONLY;
  }

  private static boolean isOpen(HostConfig host) {
    return host.privileged() || SecurityOptions.of(host.securityOpt()).allPaths();
  }

  private @Nullable Seccomp seccomp(HostConfig host, SecurityOptions security) {
    if (host.privileged() || security.unfiltered()) {
      return null;
    }
    Set<String> granted =
        Set.copyOf(
            CapabilitySet.of(false, host.capAdd(), host.capDrop(), machine.bounding()).granted());
    String own = security.profile();
    return own == null
        ? seccomp.forCapabilities(granted)
        : OwnSeccompProfile.parse(own, granted, machine.architecture(), machine.kernel());
  }

  private static String cgroupsPath(HostConfig host, String id) {
    String parent = host.cgroupParent();
    String under = parent == null || parent.isEmpty() ? "/djong" : "/" + parent;
    return Path.of(under).normalize().resolve(id).toString();
  }

  private static @Nullable String propagation(ContainerRecord container) {
    boolean shared =
        container.mounts().stream().anyMatch(mount -> mount.propagation().endsWith("shared"));
    boolean slave =
        container.mounts().stream().anyMatch(mount -> mount.propagation().endsWith("slave"));
    return shared ? "shared" : slave ? "rslave" : null;
  }

  private List<Namespace> namespaces(HostConfig host, Prepared prepared) {
    List<Namespace> all = new ArrayList<>();
    all.add(new Namespace("mount", null));
    if (prepared.users() != null) {
      all.add(new Namespace("user", prepared.users().namespace().toString()));
    }
    if (prepared.networkNamespace() != null) {
      all.add(new Namespace("network", prepared.networkNamespace().toString()));
    }
    if (!"host".equals(host.utsMode())) {
      all.add(new Namespace("uts", null));
    }
    if (!"host".equals(host.pidMode())) {
      all.add(namespace("pid", prepared));
    }
    if (!"host".equals(host.ipcMode())) {
      all.add(namespace("ipc", prepared));
    }
    String cgroup = host.cgroupnsMode();
    boolean unsaid = cgroup == null || cgroup.isEmpty();
    if (unsaid ? machine.cgroup2() && !host.privileged() : "private".equals(cgroup)) {
      all.add(new Namespace("cgroup", null));
    }
    return all;
  }

  private static Namespace namespace(String type, Prepared prepared) {
    Path joined = prepared.joined().get(type);
    return new Namespace(type, joined == null ? null : joined.toString());
  }

  private static Map<String, String> sysctls(HostConfig host, Prepared prepared) {
    Map<String, String> all = new TreeMap<>();
    if (prepared.networkNamespace() != null && !host.networkMode().startsWith("container:")) {
      // Ports below 1024 and ping work without capabilities: the namespace is the container's own.
      all.put("net.ipv4.ip_unprivileged_port_start", "0");
      // The last group that is one in its user namespace.
      long groups =
          prepared.users() == null
              ? 2147483648L
              : prepared.users().mapping().groups().getFirst().count();
      all.put("net.ipv4.ping_group_range", "0 " + (groups - 1));
    }
    all.putAll(host.sysctls());
    return all;
  }
}
