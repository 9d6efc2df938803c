package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.Signals;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refuses what makes no sense and what djong cannot do yet, in Docker's words where it has some.
/// Pure.
final class RequestChecks {
  private RequestChecks() {}

  /// @param runtimes the names of the OCI runtimes that are here
  /// @return warnings
  /// @throws Fault.Invalid if the request contradicts itself
  /// @throws Fault.Unsupported if it asks for what djong does not do
  static List<String> check(
      ContainerConfig config, HostConfig host, Machine machine, Set<String> runtimes) {
    config(config);
    supported(host, runtimes);
    modes(host);
    if (host.networkMode().equals("container:")) {
      throw new Fault.Invalid("invalid network mode: invalid container format container:<name|id>");
    }
    List<String> warnings = new ArrayList<>(LimitChecks.check(host, machine));
    if (host.autoRemove() && !host.restartPolicy().name().equals("no")) {
      throw new Fault.Invalid("can't create 'AutoRemove' container with restart policy");
    }
    LifeChecks.restartPolicy(host.restartPolicy());
    LifeChecks.health(config.healthcheck(), host);
    if (host.shmSize() < 0) {
      throw new Fault.Invalid("SHM size can not be less than 0");
    }
    if (host.oomScoreAdj() < -1000 || host.oomScoreAdj() > 1000) {
      throw new Fault.Invalid(
          "Invalid value " + host.oomScoreAdj() + ", range for oom score adj is [-1000, 1000]");
    }
    if (host.networkMode().equals("host") && !host.portBindings().isEmpty()) {
      warnings.add("Published ports are discarded when using host network mode");
    }
    if (set(config.macAddress())) {
      warnings.add(
          "The container-wide MacAddress field is now deprecated. It should be specified in"
              + " EndpointsConfig instead.");
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
    LogOptions.check(host.logConfig());
    texts(host);
    return List.copyOf(warnings);
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
      String address = extra.substring(at + 1);
      if (!address.equals("host-gateway") && !isAddress(address)) {
        throw new Fault.Invalid("invalid IP address in add-host: \"" + address + "\"");
      }
    }
  }

  private static boolean isAddress(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    try {
      return !InetAddress.ofLiteral(bare).getHostAddress().isEmpty();
    } catch (IllegalArgumentException _) { // That is the answer.
      return false;
    }
  }

  /// A profile that is none is refused here, not when the container is started.
  private static void security(HostConfig host, Machine machine) {
    String profile = SecurityOptions.of(host.securityOpt()).profile();
    if (profile != null) {
      OwnSeccompProfile.parse(profile, Set.of(), machine.architecture(), machine.kernel());
    }
  }

  private static void supported(HostConfig host, Set<String> runtimes) {
    refuse("--gpus", host.deviceRequests());
    DeviceRules.of(host.deviceCgroupRules());
    if (host.storageOpt() != null && !host.storageOpt().isEmpty()) {
      for (String option : host.storageOpt().keySet()) {
        if (!option.equalsIgnoreCase("size")) {
          throw new Fault.Invalid("Unknown option " + option);
        }
      }
      throw new Fault.Invalid(
          "--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
    }
    if (set(host.isolation()) && !"default".equalsIgnoreCase(host.isolation())) {
      throw new Fault.Invalid(
          "invalid isolation (" + host.isolation() + "): linux only supports 'default'");
    }
    String runtime = host.runtime();
    if (set(runtime) && !runtimes.contains(runtime)) {
      throw new Fault.Invalid("unknown or invalid runtime name: " + runtime);
    }
    if (host.cpuRealtimePeriod() != 0 || host.cpuRealtimeRuntime() != 0) {
      throw unsupported("--cpu-rt-period and --cpu-rt-runtime");
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

  /// @throws Fault.Invalid in Docker's words if the name is not one a container may have
  static void name(String name) {
    name(name, name);
  }

  /// @param shown how the refusal calls it
  static void name(String name, String shown) {
    boolean good = name.length() > 1;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      good &= letter || (i > 0 && (c == '_' || c == '.' || c == '-'));
    }
    if (!good) {
      throw new Fault.Invalid(
          "Invalid container name (" + shown + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
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
