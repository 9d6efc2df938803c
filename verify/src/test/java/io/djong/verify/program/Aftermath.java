package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What holds after every fault, whatever happened: the store is sound, what is said to run does,
/// and what does not run has left neither processes nor mounts, control groups, devices or folders.
final class Aftermath {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

  private Aftermath() {}

  /// Waits for what is still being cleaned up.
  static void isClean(LiveDaemon daemon) throws Exception {
    Program.Result proof = daemon.djong("system", "fsck");
    assertThat(proof.out()).as(proof.err()).contains("all is well");
    Set<String> running = new HashSet<>(daemon.docker("ps", "-q", "--no-trunc").ok().lines());
    for (String id : running) {
      String pid = daemon.docker("inspect", "-f", "{{.State.Pid}}", id).ok().line();
      assertThat(Path.of("/proc", pid)).as("the process of %s", id).exists();
    }
    Set<String> known = new HashSet<>(daemon.docker("ps", "-aq", "--no-trunc").ok().lines());
    Set<String> everMade = everMade(daemon);
    Waiting.until(
        "nothing is left of what does not run: " + leftovers(daemon, running, known, everMade),
        () -> leftovers(daemon, running, known, everMade).isEmpty());
  }

  private static Set<String> leftovers(
      LiveDaemon daemon, Set<String> running, Set<String> known, Set<String> everMade)
      throws Exception {
    Set<String> left = new HashSet<>();
    Set<String> ended = new HashSet<>(everMade);
    ended.removeAll(running);
    Set<String> gone = new HashSet<>(ended);
    gone.removeAll(known);
    named("process", processes(), ended, left);
    named("mount", Files.readString(Path.of("/proc/self/mountinfo")), ended, left);
    named("control group", find("/sys/fs/cgroup", 4, "d"), ended, left);
    named("state of the runtime", find(daemon.execRoot() + "/runtime", 2, "d"), ended, left);
    named("namespace", find(daemon.execRoot() + "/sandboxes", 1, "f"), ended, left);
    named("folder", find(daemon.folder().toString(), 4, "d"), gone, left);
    return left;
  }

  private static void named(String what, String text, Set<String> ids, Set<String> left) {
    Matcher matcher = ID.matcher(text);
    while (matcher.find()) {
      if (ids.contains(matcher.group())) {
        left.add(what + " of " + matcher.group());
      }
    }
  }

  private static Set<String> everMade(LiveDaemon daemon) throws Exception {
    String until = Long.toString(System.currentTimeMillis() / 1000 + 1);
    String events =
        daemon
            .docker(
                "events",
                "--since",
                "1",
                "--until",
                until,
                "--filter",
                "event=create",
                "--format",
                "{{.Actor.ID}}")
            .ok()
            .out();
    return new HashSet<>(events.lines().toList());
  }

  /// Command lines of monitors and of runtimes.
  private static String processes() {
    StringBuilder all = new StringBuilder();
    ProcessHandle.allProcesses()
        .forEach(
            process -> {
              try {
                String words = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
                if (words.contains("conmon\0") || words.contains("runtime/oci\0")) {
                  all.append(words).append('\n');
                }
              } catch (IOException e) {
                all.append(' '); // It has ended.
              }
            });
    return all.toString();
  }

  private static String find(String folder, int depth, String type) throws Exception {
    return Program.run(
            List.of("find", folder, "-maxdepth", Integer.toString(depth), "-type", type),
            Map.of(),
            null)
        .out();
  }
}
