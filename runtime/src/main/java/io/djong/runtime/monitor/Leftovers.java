package io.djong.runtime.monitor;

import io.djong.linux.Cgroup;
import io.djong.linux.ChildProcess;
import io.djong.linux.Poller;
import io.djong.linux.ProcessDescriptor;
import io.djong.linux.ProcessStatus;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a creation that was cut short has left: perhaps a monitor, perhaps a runtime's process,
/// perhaps files. Nothing but what names this container is touched.
final class Leftovers {
  private static final int SIGKILL = 9;

  private final Poller poller;
  private final MonitorCommand commands;
  private final StateFolder state;

  Leftovers(Poller poller, MonitorCommand commands, StateFolder state) {
    this.poller = poller;
    this.commands = commands;
    this.state = state;
  }

  void remove() throws IOException {
    if (Files.notExists(state.folder()) && Files.notExists(state.runtimeState())) {
      return;
    }
    for (int pid : monitors()) {
      end(pid);
    }
    int pid = pidFromFile();
    Cgroup cgroup = new Cgroup(List.of());
    if (pid > 0 && Files.exists(state.execFifo())) {
      // The number may be another process's by now: only one in this container's own group is ours.
      cgroup = Cgroup.of(pid, state.id().hex());
      if (!cgroup.folders().isEmpty()) {
        end(pid);
      }
    }
    if (Files.exists(state.runtimeState())) {
      ChildProcess delete = commands.runtime(state, "delete", "-f", state.id().hex()).start(poller);
      try {
        ConmonRuntime.await(delete, "delete", commands.limit());
      } catch (Fault.Failed e) {
        System.getLogger(Leftovers.class.getName())
            .log(System.Logger.Level.WARNING, "removing what a runtime left", e);
      }
    }
    cgroup.remove();
    asked().remove();
    state.remove();
  }

  /// The group that the bundle asks for: a runtime that failed half-way may have made it. One whose
  /// path does not name this container may be others', too.
  private Cgroup asked() throws IOException {
    Path config = state.bundle().resolve("config.json");
    if (Files.exists(config)
        && read(config) instanceof Map<?, ?> spec
        && spec.get("linux") instanceof Map<?, ?> linux
        && linux.get("cgroupsPath") instanceof String path
        && path.endsWith("/" + state.id().hex())) {
      return Cgroup.at(path);
    }
    return new Cgroup(List.of());
  }

  /// What was cut short while it was written asks for nothing.
  private static Object read(Path config) throws IOException {
    try {
      return Json.lean().readTree(Files.readAllBytes(config));
    } catch (Fault.Invalid e) {
      return Map.of();
    }
  }

  /// Processes of conmon that name this container.
  private List<Integer> monitors() throws IOException {
    List<Integer> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path entry : entries) {
        int pid = Integer.parseInt(String.valueOf(entry.getFileName()));
        Optional<ProcessStatus> status = ProcessStatus.of(pid);
        if (status.isPresent()
            && status.get().command().equals("conmon")
            && arguments(entry).contains("\0-c\0" + state.id().hex() + "\0")) {
          found.add(pid);
        }
      }
    }
    return found;
  }

  private static String arguments(Path process) throws IOException {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private int pidFromFile() throws IOException {
    try {
      return Integer.parseInt(Files.readString(state.pidFile()).strip());
    } catch (NoSuchFileException | NumberFormatException e) {
      return 0;
    }
  }

  private void end(int pid) throws IOException {
    try (ProcessDescriptor process = ProcessDescriptor.open(poller, pid)) {
      if (process.signal(SIGKILL)) {
        process.await();
      }
    } catch (io.djong.linux.KernelException e) {
      if (e.errno() != io.djong.linux.Errno.ESRCH) {
        throw e;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while ending process " + pid);
    }
  }
}
