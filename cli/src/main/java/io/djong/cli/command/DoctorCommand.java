package io.djong.cli.command;

import io.djong.api.SystemInfo;
import io.djong.cli.Call;
import io.djong.cli.Command;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Looks at the machine an engine runs on and says what to do about what it finds.
public final class DoctorCommand implements Command {
  private static final long LEAST_DISK = 1L << 30;
  private static final Duration CLOCKS = Duration.ofMinutes(1);

  /// A finding; `advice` is empty where all is well.
  record Finding(String what, String found, String advice) {}

  @Override
  public Synopsis synopsis() {
    return new Synopsis("", "Check the machine and say what to do about what is found", 0, 0);
  }

  @Override
  public int run(Call call) throws IOException {
    SystemInfo info = call.engine().info();
    boolean well = true;
    for (Finding finding : findings(info, Instant.now())) {
      boolean good = finding.advice().isEmpty();
      call.console().print((good ? "ok    " : "look  ") + finding.what() + ": " + finding.found());
      if (!good) {
        call.console().print("      " + finding.advice());
        well = false;
      }
    }
    return well ? 0 : 1;
  }

  static List<Finding> findings(SystemInfo info, Instant now) {
    List<Finding> all = new ArrayList<>();
    all.add(
        new Finding(
            "kernel",
            info.kernelVersion(),
            isBefore(info.kernelVersion(), 5, 6)
                ? "paths in images are resolved by openat2(2): use Linux 5.6 or newer"
                : isBefore(info.kernelVersion(), 6, 12)
                    ? "Linux 6.12 mounts layers without unpacking them (file-backed EROFS)"
                    : ""));
    all.add(cgroups(info));
    all.add(runtime(info));
    all.add(disk(info));
    all.add(clock(info, now));
    all.add(
        new Finding(
            "forwarding of packets",
            info.ipv4Forwarding() ? "on" : "off",
            info.ipv4Forwarding()
                ? ""
                : "containers on bridges reach nothing outside: sysctl -w net.ipv4.ip_forward=1"));
    SystemInfo.Firewall firewall = info.firewallBackend();
    all.add(
        new Finding(
            "firewall",
            firewall == null ? "unknown" : firewall.driver(),
            firewall == null ? "the engine does not say what filters packets" : ""));
    boolean filtered = String.join(" ", info.securityOptions()).contains("seccomp");
    all.add(
        new Finding(
            "filter of system calls",
            filtered ? "seccomp" : "none",
            filtered ? "" : "the kernel has no seccomp: containers reach all of its calls"));
    all.add(
        new Finding(
            "init for --init",
            info.initBinary().isEmpty() ? "none" : info.initBinary(),
            info.initBinary().isEmpty() ? "apt-get install tini" : ""));
    List<String> warnings = info.warnings();
    for (String warning : warnings == null ? List.<String>of() : warnings) {
      all.add(new Finding("engine", warning, "see the sentence itself"));
    }
    return all;
  }

  private static Finding cgroups(SystemInfo info) {
    String lacking = info.memoryLimit() && info.pidsLimit() ? "" : "memory or pids";
    return new Finding(
        "control groups",
        "version " + info.cgroupVersion(),
        lacking.isEmpty()
            ? ""
            : "a controller is missing (" + lacking + "): boot with cgroup_enable=memory");
  }

  /// Versions that have the known ways out of a container mended.
  private static Finding runtime(SystemInfo info) {
    String name = info.defaultRuntime();
    String version = info.runcCommit().id();
    boolean crun = name.toLowerCase(Locale.ROOT).contains("crun");
    boolean old = crun ? isBefore(version, 1, 28) : isBefore(version, 1, 3);
    return new Finding(
        "runtime",
        name + " " + version,
        old
            ? (crun
                    ? "before crun 1.28 (CVE-2026-30892, CVE-2026-47766)"
                    : "before runc 1.3.3 (CVE-2025-31133, CVE-2025-52565, CVE-2025-52881)")
                + ": djong checks trees before the runtime sees them; install a newer one all the"
                + " same"
            : "");
  }

  private static Finding disk(SystemInfo info) {
    try {
      FileStore store = Files.getFileStore(Path.of(info.dockerRootDir()));
      long free = store.getUsableSpace();
      return new Finding(
          "disk of " + info.dockerRootDir(),
          (free >> 20) + " MiB free",
          free < LEAST_DISK ? "make room: djong system prune, djong system df" : "");
    } catch (IOException e) {
      return new Finding("disk", "cannot be seen from here", "");
    }
  }

  private static Finding clock(SystemInfo info, Instant now) {
    try {
      Instant theirs = Instant.parse(info.systemTime());
      Duration apart = Duration.between(theirs, now).abs();
      boolean early = theirs.isBefore(Instant.parse("2026-01-01T00:00:00Z"));
      return new Finding(
          "clock",
          info.systemTime(),
          early
              ? "the clock is in the past, certificates will not fit: set it"
              : apart.compareTo(CLOCKS) > 0
                  ? "the engine's clock and ours are " + apart.toSeconds() + " s apart"
                  : "");
    } catch (DateTimeException e) {
      return new Finding("clock", info.systemTime(), "the engine's time cannot be read");
    }
  }

  /// Compares `major.minor`; what is no version is not before any.
  static boolean isBefore(String version, int major, int minor) {
    int[] have = new int[2];
    int at = 0;
    for (int i = 0; i < 2; i++) {
      int start = at;
      while (at < version.length() && Character.isDigit(version.charAt(at))) {
        have[i] = have[i] * 10 + Character.digit(version.charAt(at++), 10);
      }
      if (at == start) {
        return false;
      }
      at++;
    }
    return have[0] < major || (have[0] == major && have[1] < minor);
  }
}
