package io.djong.runtime.monitor;

import io.djong.linux.Cgroup;
import io.djong.linux.CgroupMoves;
import io.djong.linux.ChildProcess;
import io.djong.linux.Pipe;
import io.djong.linux.Poller;
import io.djong.linux.ProcessDescriptor;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ContainerProcess.LogQuery;
import io.djong.runtime.ContainerProcess.LogReader;
import io.djong.runtime.ContainerRuntime;
import io.djong.runtime.Stdio;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Drives runc (or crun) through conmon. All its state is in one folder, which the next daemon
/// reads. Closing it ends its threads and leaves every container running.
public final class ConmonRuntime implements ContainerRuntime, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// Starting takes a tenth of a second; on a machine with a dying disk, some.
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final int SIGKILL = 9;

  private final Programs programs;
  private final Path root;
  private final Poller poller;
  private final Duration limit;
  private final LogWatch watch;
  private final Duration patience;
  private final CgroupMoves moves = new CgroupMoves();

  /// @param root the state's folder, on a file system that a restart of the machine empties
  public ConmonRuntime(Programs programs, Path root) throws IOException {
    this(programs, root, PATIENCE, LIMIT);
  }

  /// @param patience how long who is attached may take no output before it is given up
  /// @param limit how long the OCI runtime may take for one of its verbs
  ConmonRuntime(Programs programs, Path root, Duration patience, Duration limit)
      throws IOException {
    this.patience = patience;
    this.programs = programs;
    this.root = root.toAbsolutePath();
    this.limit = limit;
    this.poller = new Poller();
    this.watch = new LogWatch(poller);
  }

  @Override
  public Version version() throws IOException {
    return RuntimeVersion.of(programs.standard(), poller);
  }

  @Override
  public Map<String, Path> runtimes() {
    return programs.runtimes().stream()
        .collect(Collectors.toUnmodifiableMap(OciRuntime::name, OciRuntime::program));
  }

  @Override
  public ContainerProcess create(ContainerId id, Path bundle, Stdio stdio, String runtime)
      throws IOException {
    MonitorCommand commands = commands(programs.named(runtime));
    commands.announce();
    StateFolder state = new StateFolder(root, id, bundle.toAbsolutePath());
    if (Files.exists(state.folder())) {
      discard(state);
    }
    Files.createDirectories(state.exitFolder());
    boolean done = false;
    try {
      Files.writeString(state.runtimeName(), commands.called().name());
      ContainerProcess process = create(commands, state, stdio);
      done = true;
      return process;
    } finally {
      if (!done) {
        discard(state);
      }
    }
  }

  private MonitorCommand commands(OciRuntime runtime) {
    return new MonitorCommand(programs.conmon(), runtime, limit, moves);
  }

  /// Those of the runtime that made a container.
  private MonitorCommand commands(StateFolder state) throws IOException {
    Path name = state.runtimeName();
    return commands(programs.formerly(Files.exists(name) ? Files.readString(name) : ""));
  }

  private ContainerProcess create(MonitorCommand commands, StateFolder state, Stdio stdio)
      throws IOException {
    ChildProcess monitor;
    SyncMessage message;
    try (Pipe sync = Pipe.fromChild(poller)) {
      monitor = commands.create(state, stdio, sync.output()).start(poller);
      sync.output().close();
      message = answer(monitor, sync, "create", commands.limit());
    }
    if (message == null || message.data() <= 0) {
      await(monitor, "create", commands.limit());
      throw RuntimeFailure.of("create", message, state.runtimeLog());
    }
    HostNull.takeBack();
    if (stdio.owner() != null) {
      StreamPipes.give(message.data(), stdio.owner());
    }
    Cgroup cgroup = Cgroup.of(message.data(), state.id().hex());
    MonitorRecord record = MonitorRecord.of(monitor.pid(), message.data(), cgroup);
    record.write(state.record());
    return process(commands, state, stdio, record, monitor::await);
  }

  /// What the monitor says of a verb.
  ///
  /// @throws Fault.Failed if it says nothing for too long; it is ended then, and the runtime with
  ///   it
  static @Nullable SyncMessage answer(ChildProcess monitor, Pipe sync, String verb, Duration limit)
      throws IOException {
    try (Deadline deadline = Deadline.after(limit, () -> monitor.signal(SIGKILL))) {
      SyncMessage message = SyncMessage.read(sync.input());
      if (deadline.passed()) {
        throw RuntimeFailure.hung(verb, limit);
      }
      return message;
    }
  }

  @Override
  public ContainerProcess reattach(ContainerId id, Path bundle, Stdio stdio) throws IOException {
    StateFolder state = new StateFolder(root, id, bundle.toAbsolutePath());
    Optional<MonitorRecord> found = MonitorRecord.read(state.record());
    if (found.isEmpty()) {
      discard(state);
      throw new Fault.NotFound("no monitor of container " + id.abbreviated() + " is left");
    }
    MonitorRecord record = found.get();
    Waiting monitor = hold(record.monitor(), record.monitorStart(), record);
    return process(commands(state), state, stdio, record, monitor);
  }

  /// Waits for a process that is not our child.
  private Waiting hold(int pid, long start, MonitorRecord record) throws IOException {
    ProcessDescriptor held = held(poller, pid, start, record);
    return () -> {
      if (held != null) {
        held.await();
        held.close();
      }
    };
  }

  /// @return null if it has ended
  static @Nullable ProcessDescriptor held(Poller poller, int pid, long start, MonitorRecord record)
      throws IOException {
    if (!record.sameBoot() || !MonitorRecord.alive(pid, start)) {
      return null;
    }
    ProcessDescriptor held;
    try {
      held = ProcessDescriptor.open(poller, pid);
    } catch (IOException e) {
      if (MonitorRecord.alive(pid, start)) {
        throw e;
      }
      return null;
    }
    if (MonitorRecord.alive(pid, start)) {
      return held;
    }
    held.close();
    return null;
  }

  private ContainerProcess process(
      MonitorCommand commands,
      StateFolder state,
      Stdio stdio,
      MonitorRecord record,
      Waiting monitor)
      throws IOException {
    LogFiles log = new LogFiles(stdio.log(), stdio.limits(), new Control(poller, state.control()));
    ConmonProcess process =
        new ConmonProcess(poller, commands, state, stdio, record, log, patience);
    if (!stdio.limits().discard()) {
      if (Files.exists(state.execFifo())) {
        process.created();
      }
      watch.add(log);
    }
    Thread.ofVirtual()
        .name("exit of " + state.id().abbreviated())
        .start(() -> process.ends(monitor, () -> watch.remove(log)));
    return process;
  }

  @Override
  public LogReader logs(Stdio stdio, LogQuery query) throws IOException {
    LogFiles log = new LogFiles(stdio.log(), stdio.limits(), null);
    return new RotatedLogReader(log, query, () -> true);
  }

  /// Ends and removes what an attempt to create, or a daemon that died meanwhile, has left.
  private void discard(StateFolder state) throws IOException {
    new Leftovers(poller, commands(state), state).remove();
  }

  /// Waits for a program of one verb.
  ///
  /// @return its exit code
  /// @throws Fault.Failed if it takes too long; it is ended then
  static int await(ChildProcess child, String verb, Duration limit) throws IOException {
    try (Deadline deadline = Deadline.after(limit, () -> child.signal(SIGKILL))) {
      int code = child.await();
      if (deadline.passed()) {
        throw RuntimeFailure.hung(verb, limit);
      }
      return code;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the container's runtime");
    }
  }

  /// Returns when the monitor has ended.
  interface Waiting {
    void await() throws InterruptedException;
  }

  @Override
  public void close() {
    watch.close();
    poller.close();
  }
}
