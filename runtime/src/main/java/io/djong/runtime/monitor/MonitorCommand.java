package io.djong.runtime.monitor;

import io.djong.linux.CgroupMoves;
import io.djong.linux.DescriptorStream;
import io.djong.linux.Spawn;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.runtime.Stdio;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// conmon's command lines (conmon(8), version 2.1.6).
final class MonitorCommand {
  private final Path conmon;
  private final OciRuntime runtime;
  private final Duration limit;
  private final CgroupMoves moves;

  /// @param limit see [#limit]
  MonitorCommand(Path conmon, OciRuntime runtime, Duration limit, CgroupMoves moves) {
    this.conmon = conmon;
    this.runtime = runtime;
    this.limit = limit;
    this.moves = moves;
  }

  /// Tells the kernel that the runtime is about to move a process.
  void announce() {
    moves.expect();
  }

  /// The runtime that is called.
  OciRuntime called() {
    return runtime;
  }

  /// How long the runtime may take for one of its verbs before it counts as hung and is ended.
  Duration limit() {
    return limit;
  }

  /// Creates a container; `sync` tells its pid.
  Spawn create(StateFolder state, Stdio stdio, DescriptorStream sync) {
    List<String> command = common(state.id(), state.id().hex(), stdio, state.bundle());
    command.addAll(List.of("--exit-dir", state.exitFolder().toString()));
    command.addAll(List.of("-p", state.pidFile().toString()));
    command.addAll(List.of("-l", log(stdio)));
    if (stdio.limits().journal()) {
      command.addAll(List.of("-l", "journald:"));
    }
    if (stdio.stdin() && (stdio.terminal() || !stdio.stdinOnce())) {
      command.add("--leave-stdin-open");
    }
    runtimeArguments(command, state, state.runtimeLog());
    return spawn(command, state.folder(), Map.of("_OCI_SYNCPIPE", "3"), List.of(sync));
  }

  /// Starts one more process; conmon reports on `ready` when it can be attached to and waits at
  /// `start`.
  Spawn exec(
      StateFolder state,
      String key,
      Stdio stdio,
      DescriptorStream sync,
      DescriptorStream start,
      DescriptorStream ready) {
    Path folder = state.execFolder(key);
    List<String> command = common(state.id(), key, stdio, folder);
    command.addAll(List.of("-e", "--exec-attach"));
    command.addAll(List.of("--exec-process-spec", folder.resolve("process.json").toString()));
    command.addAll(List.of("-p", folder.resolve("pid").toString()));
    command.addAll(List.of("-l", "none"));
    if (stdio.stdin() && stdio.terminal()) {
      command.add("--leave-stdin-open");
    }
    runtimeArguments(command, state, folder.resolve("runtime.log"));
    return spawn(
        command,
        folder,
        Map.of("_OCI_SYNCPIPE", "3", "_OCI_STARTPIPE", "4", "_OCI_ATTACHPIPE", "5"),
        List.of(sync, start, ready));
  }

  /// The runtime itself, beside any monitor.
  Spawn runtime(StateFolder state, String... verb) {
    List<String> command = new ArrayList<>(runtime.command());
    command.addAll(List.of("--root", state.runtimeRoot().toString()));
    command.addAll(List.of("--log", state.runtimeLog().toString()));
    command.addAll(List.of(verb));
    return new Spawn(command, environment(), null, null, List.of());
  }

  private List<String> common(ContainerId id, String name, Stdio stdio, Path bundle) {
    List<String> command = new ArrayList<>();
    command.add(conmon.toString());
    command.addAll(List.of("--api-version", "1", "-c", id.hex(), "-u", name, "-n", name));
    command.addAll(List.of("-r", runtime.command().getFirst(), "-b", bundle.toString()));
    // --sync: without a fork between, we know the monitor's number from the start. It still
    // outlives us.
    // --no-sync-log: an fsync when a container ends would cost more than all else there.
    command.addAll(List.of("--full-attach", "--sync", "--no-sync-log", "--log-level", "error"));
    if (stdio.terminal()) {
      command.add("-t");
    }
    if (stdio.stdin()) {
      command.add("-i");
    }
    return command;
  }

  private void runtimeArguments(List<String> command, StateFolder state, Path log) {
    List<String> arguments =
        new ArrayList<>(runtime.command().subList(1, runtime.command().size()));
    arguments.addAll(List.of("--root", state.runtimeRoot().toString()));
    arguments.addAll(List.of("--log", log.toString()));
    for (String argument : arguments) {
      command.addAll(List.of("--runtime-arg", argument));
    }
  }

  private static String log(Stdio stdio) {
    if (stdio.limits().discard()) {
      return "none";
    }
    if (stdio.log().toString().indexOf(':') >= 0) {
      throw new Fault.Unsupported(
          "a log at \"" + stdio.log() + "\": the monitor takes no path with a colon");
    }
    return "k8s-file:" + stdio.log();
  }

  private static Spawn spawn(
      List<String> command,
      Path directory,
      Map<String, String> more,
      List<DescriptorStream> descriptors) {
    Map<String, String> environment = new HashMap<>(environment());
    environment.putAll(more);
    return new Spawn(command, environment, directory, null, descriptors);
  }

  /// Log times in UTC, messages in English; runc looks for nothing but PATH.
  private static Map<String, String> environment() {
    return Map.of(
        "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "TZ", "UTC",
        "LC_ALL", "C.UTF-8");
  }
}
