package io.djong.cli.command;

import io.djong.api.ContainerInspect;
import io.djong.model.container.HostConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Says in words what a container may do to the machine. Pure.
final class SecurityWords {
  private SecurityWords() {}

  /// One sentence a line; those that deserve a second look begin with `!`.
  static List<String> of(ContainerInspect container) {
    List<String> words = new ArrayList<>();
    HostConfig host = container.hostConfig();
    user(container, words);
    privileges(host, words);
    namespaces(host, words);
    mounts(container, words);
    limits(host, words);
    return words;
  }

  private static void user(ContainerInspect container, List<String> words) {
    String user = container.config().user();
    boolean root = user == null || user.isEmpty() || user.equals("0") || user.startsWith("root");
    ContainerInspect.IdMappings ids = container.idMappings();
    if (ids == null) {
      words.add(
          root
              ? "  runs as root of the machine, with the capabilities below"
              : "  runs as user " + user + ", without capabilities");
      return;
    }
    words.add(
        root
            ? "  runs as root of a user namespace: has the capabilities below inside only"
            : "  runs as user " + user + " of a user namespace, without capabilities");
    words.add(
        "  its users are these of the machine, who own nothing there: " + ranges(ids.uidMap()));
    words.add("  its groups are these of the machine: " + ranges(ids.gidMap()));
  }

  /// Of `INSIDE:HOST:COUNT` what is the machine's.
  private static String ranges(List<String> maps) {
    List<String> ranges = new ArrayList<>();
    for (String map : maps) {
      String[] numbers = map.split(":", -1);
      long first = Long.parseLong(numbers[1]);
      ranges.add(first + " to " + (first + Long.parseLong(numbers[2]) - 1));
    }
    return String.join(", ", ranges);
  }

  private static void privileges(HostConfig host, List<String> words) {
    if (host.privileged()) {
      words.add(
          "! privileged: all capabilities, all devices, no filter of system calls: owns the"
              + " machine");
      return;
    }
    words.add(
        "  capabilities: the 14 of the default profile"
            + list(" and ", host.capAdd())
            + list(" but not ", host.capDrop()));
    for (String capability : or(host.capAdd())) {
      String name = capability.toUpperCase(Locale.ROOT);
      if (List.of("ALL", "SYS_ADMIN", "CAP_SYS_ADMIN", "SYS_MODULE", "CAP_SYS_MODULE")
              .contains(name)
          || name.endsWith("SYS_PTRACE")
          || name.endsWith("SYS_RAWIO")
          || name.endsWith("DAC_READ_SEARCH")) {
        words.add("! " + name + " lets it reach beyond its container");
      }
    }
    seccomp(or(host.securityOpt()), words);
    paths("masked", host.maskedPaths(), words);
    paths("read-only", host.readonlyPaths(), words);
    if (!or(host.deviceCgroupRules()).isEmpty()) {
      words.add("! may use devices: " + String.join(", ", or(host.deviceCgroupRules())));
    }
    for (HostConfig.Device device : or(host.devices())) {
      words.add("! has the machine's device " + device.pathOnHost());
    }
  }

  private static void seccomp(List<String> options, List<String> words) {
    boolean gains = true;
    String filter = "  system calls: djong's default filter";
    for (String option : options) {
      if (option.startsWith("no-new-privileges") && !option.endsWith("false")) {
        gains = false;
      } else if (option.contains("seccomp") && option.endsWith("unconfined")) {
        filter = "! system calls: not filtered";
      } else if (option.startsWith("seccomp") && !option.endsWith("builtin")) {
        filter = "  system calls: a filter of its own";
      }
    }
    words.add(filter);
    words.add(
        gains
            ? "  setuid programs inside may give it more (no-new-privileges is off)"
            : "  gains nothing by setuid programs (no-new-privileges)");
  }

  private static void paths(String what, @Nullable List<String> paths, List<String> words) {
    if (paths == null || paths.isEmpty()) {
      words.add("! the kernel's files in /proc and /sys are not " + what);
    }
  }

  private static void namespaces(HostConfig host, List<String> words) {
    shared("processes", host.pidMode(), words);
    shared("inter-process communication", host.ipcMode(), words);
    shared("host name", host.utsMode(), words);
    shared("network", host.networkMode(), words);
    if (host.publishAllPorts() || !host.portBindings().isEmpty()) {
      words.add("  published ports: " + String.join(", ", host.portBindings().keySet()));
    }
  }

  private static void shared(String what, @Nullable String mode, List<String> words) {
    if ("host".equals(mode)) {
      words.add("! shares the machine's " + what);
    } else if (mode != null && mode.startsWith("container:")) {
      words.add("  shares the " + what + " of container " + mode.substring(10));
    }
  }

  private static void mounts(ContainerInspect container, List<String> words) {
    words.add(
        container.hostConfig().readonlyRootfs()
            ? "  its own tree is read-only"
            : "  its own tree is writable");
    for (ContainerInspect.Mount mount : container.mounts()) {
      boolean socket =
          mount.source().endsWith("docker.sock") || mount.source().endsWith("djong.sock");
      boolean wide =
          List.of("/", "/etc", "/root", "/proc", "/sys", "/dev", "/var", "/run", "/boot")
              .contains(mount.source());
      if (mount.type().equals("bind")) {
        words.add(
            (socket || (wide && mount.rw()) ? "! " : "  ")
                + (mount.rw() ? "reads and writes " : "reads ")
                + mount.source()
                + " of the machine at "
                + mount.destination()
                + (socket ? ": whoever has this socket owns the machine" : ""));
      } else {
        words.add(
            "  "
                + mount.type()
                + " "
                + (mount.name() == null ? "" : mount.name() + " ")
                + "at "
                + mount.destination());
      }
    }
  }

  private static void limits(HostConfig host, List<String> words) {
    words.add(
        host.memory() > 0
            ? "  memory: at most " + host.memory() + " bytes"
            : "! memory: no limit (--memory)");
    Long pids = host.pidsLimit();
    words.add(
        pids == null ? "  processes: at most 4096 (the default)" : "  processes: at most " + pids);
  }

  private static String list(String before, @Nullable List<String> words) {
    return words == null || words.isEmpty() ? "" : before + String.join(", ", words);
  }

  private static <T> List<T> or(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
