package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.RunConfig.Healthcheck;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refuses what makes no sense and what djong cannot do yet, in Docker's words where it has some.
/// Pure.
final class RequestChecks {
  private static final long MIN_MEMORY = 6L << 20;

  private RequestChecks() {}

  /// @return warnings
  /// @throws Fault.Invalid if the request contradicts itself
  /// @throws Fault.Unsupported if it asks for what djong does not do
  static List<String> check(ContainerConfig config, HostConfig host, Machine machine) {
    config(config);
    supported(host);
    modes(host);
    List<String> warnings = new ArrayList<>(limits(host, machine));
    if (host.networkMode().equals("host") && !host.portBindings().isEmpty()) {
      warnings.add("Published ports are discarded when using host network mode");
    }
    if (host.autoRemove() && !host.restartPolicy().name().equals("no")) {
      throw new Fault.Invalid("can't create 'AutoRemove' container with restart policy");
    }
    restartPolicy(host.restartPolicy());
    health(config.healthcheck(), host);
    if (host.shmSize() < 0) {
      throw new Fault.Invalid("SHM size can not be less than 0");
    }
    if (host.oomScoreAdj() < -1000 || host.oomScoreAdj() > 1000) {
      throw new Fault.Invalid(
          "Invalid value " + host.oomScoreAdj() + ", range for oom score adj is [-1000, 1000]");
    }
    if (host.oomScoreAdj() < machine.oomScoreAdj()) {
      warnings.add(
          "This machine does not let an OOM score go below "
              + machine.oomScoreAdj()
              + "; that is used.");
    }
    CapabilitySet capabilities =
        CapabilitySet.of(host.privileged(), host.capAdd(), host.capDrop(), machine.bounding());
    if (!capabilities.lacking().isEmpty()) {
      warnings.add(
          "This machine cannot give these capabilities, the container goes without: "
              + String.join(", ", capabilities.lacking()));
    }
    security(host, machine);
    logs(host.logConfig());
    texts(host);
    return List.copyOf(warnings);
  }

  /// What may be changed later too.
  ///
  /// @return warnings
  static List<String> limits(HostConfig host, Machine machine) {
    List<String> warnings = new ArrayList<>();
    memory(host, machine, warnings);
    cpu(host, machine);
    blockIo(host, machine, warnings);
    return warnings;
  }

  private static void config(ContainerConfig config) {
    String workingDir = config.workingDir();
    if (workingDir != null && !workingDir.isEmpty() && !workingDir.startsWith("/")) {
      throw new Fault.Invalid(
          "the working directory '" + workingDir + "' is invalid, it needs to be an absolute path");
    }
    for (String variable : config.env()) {
      if (variable.isEmpty() || variable.startsWith("=")) {
        throw new Fault.Invalid("invalid environment variable: " + variable);
      }
      if (variable.indexOf('\0') >= 0) {
        throw new Fault.Invalid("invalid environment variable: NUL in it");
      }
    }
    String signal = config.stopSignal();
    if (signal != null && !signal.isEmpty()) {
      Signals.parse(signal);
    }
    String hostname = config.hostname();
    if (hostname != null && (hostname.length() > 64 || hostname.indexOf('/') >= 0)) {
      throw new Fault.Invalid("invalid hostname format: " + hostname);
    }
    for (List<String> words : lists(config.cmd(), config.entrypoint())) {
      for (String word : words) {
        if (word.indexOf('\0') >= 0) {
          throw new Fault.Invalid("invalid command: NUL in it");
        }
      }
    }
  }

  private static final Set<String> LOG_OPTIONS =
      Set.of(
          "compress",
          "env",
          "env-regex",
          "labels",
          "labels-regex",
          "max-file",
          "max-size",
          "mode",
          "max-buffer-size",
          "tag");

  private static void logs(HostConfig.LogConfig log) {
    for (String option : log.config().keySet()) {
      if (!log.type().equals("none") && !LOG_OPTIONS.contains(option)) {
        String driver = log.type().isEmpty() ? "json-file" : log.type();
        throw new Fault.Invalid("unknown log opt '" + option + "' for " + driver + " log driver");
      }
    }
    Streams.limits(log);
  }

  private static void texts(HostConfig host) {
    if (host.annotations().containsKey("")) {
      throw new Fault.Invalid(
          "invalid Annotations: the empty string is not permitted as an annotation key");
    }
    List<String> hosts = host.extraHosts();
    for (String extra : hosts == null ? List.<String>of() : hosts) {
      int at = extra.indexOf('=') >= 0 ? extra.indexOf('=') : extra.indexOf(':');
      if (at <= 0 || at == extra.length() - 1) {
        throw new Fault.Invalid("bad format for add-host: \"" + extra + "\"");
      }
    }
  }

  /// A profile that is none is refused here, not when the container is started.
  private static void security(HostConfig host, Machine machine) {
    String profile = SecurityOptions.of(host.securityOpt()).profile();
    if (profile != null) {
      OwnSeccompProfile.parse(profile, Set.of(), machine.architecture(), machine.kernel());
    }
  }

  private static void blockIo(HostConfig host, Machine machine, List<String> warnings) {
    int weight = host.blkioWeight();
    if (weight != 0 && !machine.ioWeights()) {
      warnings.add(
          "Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight"
              + " discarded.");
    } else if (weight != 0 && (weight < 10 || weight > 1000)) {
      throw new Fault.Invalid("Range of blkio weight is from 10 to 1000");
    }
    List<HostConfig.DeviceWeight> devices = host.blkioWeightDevice();
    if (devices != null && !devices.isEmpty() && !machine.ioWeights()) {
      warnings.add(
          "Your kernel does not support Block I/O weight_device or the cgroup is not mounted."
              + " Weight-device discarded.");
    }
  }

  private static void supported(HostConfig host) {
    refuse("--gpus", host.deviceRequests());
    DeviceRules.of(host.deviceCgroupRules());
    if (host.storageOpt() != null && !host.storageOpt().isEmpty()) {
      throw new Fault.Invalid(
          "--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
    }
    if (set(host.usernsMode()) && !"host".equals(host.usernsMode())) {
      throw unsupported("--userns");
    }
    if (set(host.isolation()) && !"default".equals(host.isolation())) {
      throw new Fault.Invalid(
          "invalid isolation (" + host.isolation() + "): linux only supports 'default'");
    }
    if (set(host.volumeDriver()) && !"local".equals(host.volumeDriver())) {
      throw unsupported("--volume-driver " + host.volumeDriver());
    }
    String runtime = host.runtime();
    if (runtime != null && !Set.of("", "runc", "crun").contains(runtime)) {
      throw new Fault.Invalid("unknown or invalid runtime name: " + runtime);
    }
    if (host.cpuRealtimePeriod() != 0 || host.cpuRealtimeRuntime() != 0) {
      throw unsupported("--cpu-rt-period and --cpu-rt-runtime");
    }
    String log = host.logConfig().type();
    if (!Set.of("", "json-file", "local", "none", "k8s-file").contains(log)) {
      throw new Fault.Invalid(
          "error looking up logging plugin " + log + ": plugin \"" + log + "\" not found");
    }
  }

  private static void modes(HostConfig host) {
    mode("IPC", host.ipcMode(), Set.of("private", "shareable", "host", "none"));
    mode("PID", host.pidMode(), Set.of("host", "private"));
    mode("UTS", host.utsMode(), Set.of("host", "private"));
    mode("cgroup namespace", host.cgroupnsMode(), Set.of("host", "private"));
  }

  private static final Set<String> OTHERS = Set.of("PID", "IPC");

  private static void mode(String what, @Nullable String mode, Set<String> known) {
    if (mode == null || mode.isEmpty() || known.contains(mode)) {
      return;
    }
    if (mode.startsWith("container:") && mode.length() > 10 && OTHERS.contains(what)) {
      return;
    }
    throw new Fault.Invalid("invalid " + what + " mode: " + mode);
  }

  private static void memory(HostConfig host, Machine machine, List<String> warnings) {
    long memory = host.memory();
    if (memory != 0 && memory < MIN_MEMORY) {
      throw new Fault.Invalid("Minimum memory limit allowed is 6MB");
    }
    if (memory == 0 && host.memorySwap() > 0) {
      throw new Fault.Invalid(
          "You should always set the Memory limit when using Memoryswap limit, see usage");
    }
    if (memory > 0 && host.memorySwap() > 0 && host.memorySwap() < memory) {
      throw new Fault.Invalid(
          "Minimum memoryswap limit should be larger than memory limit, see usage");
    }
    if (host.memoryReservation() > 0 && host.memoryReservation() < MIN_MEMORY) {
      throw new Fault.Invalid("Minimum memory reservation allowed is 6MB");
    }
    if (Boolean.TRUE.equals(host.oomKillDisable()) && memory == 0) {
      warnings.add(
          "OOM killer is disabled for the container, but no memory limit is set, this can result in"
              + " the system running out of resources.");
    }
    if (memory > 0 && host.memoryReservation() > memory) {
      throw new Fault.Invalid(
          "Minimum memory limit can not be less than memory reservation limit, see usage");
    }
    if (memory > 0 && !machine.swapLimits()) {
      warnings.add(
          "Your kernel does not support swap limit capabilities or the cgroup is not mounted."
              + " Memory limited without swap.");
    }
    Long swappiness = host.memorySwappiness();
    if (swappiness != null && (swappiness < -1 || swappiness > 100)) {
      throw new Fault.Invalid(
          "Invalid value: " + swappiness + ", valid memory swappiness range is 0-100");
    }
  }

  private static void cpu(HostConfig host, Machine machine) {
    if (host.nanoCpus() > 0 && host.cpuPeriod() > 0) {
      throw new Fault.Invalid("Conflicting options: Nano CPUs and CPU Period cannot both be set");
    }
    if (host.nanoCpus() > 0 && host.cpuQuota() > 0) {
      throw new Fault.Invalid("Conflicting options: Nano CPUs and CPU Quota cannot both be set");
    }
    int cpus = machine.cpus();
    if (host.nanoCpus() < 0 || host.nanoCpus() > cpus * 1_000_000_000L) {
      throw new Fault.Invalid(
          "range of CPUs is from 0.01 to "
              + cpus
              + ".00, as there are only "
              + cpus
              + " CPUs available");
    }
    if (host.cpuShares() < 0) {
      throw new Fault.Invalid(
          "invalid CPU shares (" + host.cpuShares() + "): value must be a positive integer");
    }
    if (host.cpuPeriod() != 0 && (host.cpuPeriod() < 1000 || host.cpuPeriod() > 1_000_000)) {
      throw new Fault.Invalid(
          "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
    }
    if (host.cpuQuota() > 0 && host.cpuQuota() < 1000) {
      throw new Fault.Invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)");
    }
    set("CPUs", "cpus", host.cpusetCpus(), cpus);
    set("memory nodes", "mems", host.cpusetMems(), machine.memoryNodes());
  }

  private static void set(String what, String word, @Nullable String asked, int count) {
    if (asked == null || asked.isEmpty()) {
      return;
    }
    for (String part : asked.split(",", -1)) {
      for (String bound : part.split("-", 2)) {
        if (number(bound, word, asked) >= count) {
          throw new Fault.Invalid(
              "Requested "
                  + what
                  + " are not available - requested "
                  + asked
                  + ", available: 0"
                  + (count == 1 ? "" : "-" + (count - 1)));
        }
      }
    }
  }

  private static int number(String text, String word, String whole) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new Fault.Invalid(
          "Invalid value " + whole + " for cpuset " + word + ": invalid format: " + text, e);
    }
  }

  private static final long LEAST_TIME = 1_000_000;

  /// Docker's rules for times: nothing, or a millisecond at least.
  static void health(@Nullable Healthcheck check, HostConfig host) {
    String cure = host.annotations().getOrDefault(HealthChecks.ON_FAILURE, "none");
    if (!Set.of("none", "kill", "restart", "stop").contains(cure)) {
      throw new Fault.Invalid(
          "invalid action of a failing health check \""
              + cure
              + "\": use none, kill, restart or stop");
    }
    if (check == null) {
      return;
    }
    time("Interval", check.interval());
    time("Timeout", check.timeout());
    time("StartPeriod", check.startPeriod());
    time("StartInterval", check.startInterval());
    if (check.retries() != null && check.retries() < 0) {
      throw new Fault.Invalid("Retries in Healthcheck cannot be negative");
    }
  }

  private static void time(String what, @Nullable Long nanos) {
    if (nanos != null && nanos != 0 && nanos < LEAST_TIME) {
      throw new Fault.Invalid(what + " in Healthcheck cannot be less than 1ms");
    }
  }

  static void restartPolicy(HostConfig.RestartPolicy asked) {
    String policy = asked.name();
    int retries = asked.maximumRetryCount();
    switch (policy) {
      case "no", "always", "unless-stopped" -> {
        if (retries != 0) {
          throw new Fault.Invalid(
              "invalid restart policy: maximum retry count can only be used with 'on-failure'"
                  + (retries < 0 ? " and cannot be negative" : ""));
        }
      }
      case "on-failure" -> {
        if (retries < 0) {
          throw new Fault.Invalid("invalid restart policy: maximum retry count cannot be negative");
        }
      }
      default ->
          throw new Fault.Invalid(
              "invalid restart policy: unknown policy '"
                  + policy
                  + "'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
    }
  }

  /// @throws Fault.Invalid in Docker's words if the name is not one a container may have
  static void name(String name) {
    boolean good = name.length() > 1;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      good &= letter || (i > 0 && (c == '_' || c == '.' || c == '-'));
    }
    if (!good) {
      throw new Fault.Invalid(
          "Invalid container name (" + name + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }
  }

  private static void refuse(String option, @Nullable List<?> values) {
    if (values != null && !values.isEmpty()) {
      throw unsupported(option);
    }
  }

  private static Fault unsupported(String option) {
    return new Fault.Unsupported(
        option.toLowerCase(Locale.ROOT) + " is not supported yet by djong");
  }

  private static List<List<String>> lists(
      @Nullable List<String> one, @Nullable List<String> other) {
    return List.of(one == null ? List.of() : one, other == null ? List.of() : other);
  }

  private static boolean set(@Nullable String value) {
    return value != null && !value.isEmpty();
  }
}
