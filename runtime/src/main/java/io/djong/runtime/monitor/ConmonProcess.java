package io.djong.runtime.monitor;

import io.djong.linux.Cgroup;
import io.djong.linux.CgroupUsage;
import io.djong.linux.ChildProcess;
import io.djong.linux.DescriptorStream;
import io.djong.linux.Errno;
import io.djong.linux.Fifo;
import io.djong.linux.KernelException;
import io.djong.linux.Poller;
import io.djong.linux.ProcessDescriptor;
import io.djong.model.Fault;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ExitStatus;
import io.djong.runtime.Stdio;
import io.djong.runtime.monitor.OciRuntime.Start;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A container whose parent is conmon. That it has ended is known when conmon has: it has written
/// all output to the log and to the attachments and then the exit file by that time.
final class ConmonProcess implements ContainerProcess {
  private static final int SIGKILL = 9;

  /// Nobody saw the process end.
  private static final int UNKNOWN = 255;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Poller poller;
  private final MonitorCommand commands;
  private final StateFolder state;
  private final MonitorRecord record;
  private final LogFiles log;
  private final Duration patience;
  private final Cgroup cgroup;
  private final Control control;
  private final AttachHub hub;
  private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
  private volatile boolean starting;

  /// Where the log was before the process wrote anything, while that is so.
  private volatile LogFiles.@Nullable Mark beginning;

  ConmonProcess(
      Poller poller,
      MonitorCommand commands,
      StateFolder state,
      Stdio stdio,
      MonitorRecord record,
      LogFiles log,
      Duration patience) {
    this.poller = poller;
    this.commands = commands;
    this.state = state;
    this.record = record;
    this.log = log;
    this.patience = patience;
    this.cgroup = new Cgroup(record.cgroups());
    this.control = new Control(poller, state.control());
    boolean stdinEnds = stdio.stdinOnce() && !stdio.terminal();
    this.hub = new AttachHub(poller, state.attachSocket(), stdio.stdin(), stdinEnds, patience);
  }

  /// To be called while the container waits for its start.
  void created() throws IOException {
    beginning = log.end();
  }

  /// Waits for the end and makes it known. Runs in a thread of its own, once.
  void ends(ConmonRuntime.Waiting monitor, Runnable last) {
    try {
      monitor.await();
      exit.complete(certainStatus());
      if (starting) {
        Fifo.hangUp(state.execFifo());
      }
    } catch (IOException e) {
      System.getLogger(ConmonProcess.class.getName())
          .log(System.Logger.Level.WARNING, "waking who starts a container that has ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exit.cancel(false);
    } finally {
      // A bug must not leave anybody waiting.
      exit.completeExceptionally(new IOException("how the container ended is not known"));
      last.run();
      log.changed();
    }
  }

  /// An end is a fact that must not be lost because there is no descriptor, or no room on the disk,
  /// to read it just then.
  private ExitStatus certainStatus() throws InterruptedException {
    Duration pause = Duration.ofMillis(100);
    while (true) {
      try {
        return status();
      } catch (IOException e) {
        System.getLogger(ConmonProcess.class.getName())
            .log(System.Logger.Level.WARNING, "reading how a container ended, once more soon", e);
      }
      LockSupport.parkNanos(pause.toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while reading how a container ended");
      }
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
    }
  }

  private ExitStatus status() throws IOException, InterruptedException {
    if (Files.notExists(state.exitFile())) {
      // The monitor was killed. Its container goes on; nobody will see its exit code.
      ProcessDescriptor process =
          ConmonRuntime.held(poller, record.pid(), record.pidStart(), record);
      if (process != null) {
        System.getLogger(ConmonProcess.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "the monitor of container "
                    + state.id().abbreviated()
                    + " was killed: it goes on, but its output is not logged any more");
        try (process) {
          process.await();
        }
      }
      try {
        writeUnknown();
      } catch (NoSuchFileException e) {
        // Somebody removes the container: nobody will look for it.
        return new ExitStatus(UNKNOWN, cgroup.oomKilled(), Instant.now());
      }
    }
    boolean oom = Files.exists(state.oomFile()) || cgroup.oomKilled();
    try {
      int code = code(Files.readString(state.exitFile()).strip());
      Instant finished = Files.getLastModifiedTime(state.exitFile()).toInstant();
      // conmon writes -1 for a status that is neither an exit nor a signal.
      return new ExitStatus(code < 0 ? UNKNOWN : code, oom, finished);
    } catch (NoSuchFileException e) {
      return new ExitStatus(UNKNOWN, oom, Instant.now());
    }
  }

  /// Whole or not at all: another daemon may read it, or this one be killed meanwhile.
  private void writeUnknown() throws IOException {
    Path written = Files.createTempFile(state.folder(), "exit", ".new");
    Files.writeString(written, Integer.toString(UNKNOWN));
    Files.move(written, state.exitFile(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static int code(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return UNKNOWN;
    }
  }

  @Override
  public int pid() {
    return exit.isDone() ? 0 : record.pid();
  }

  @Override
  public void start() throws IOException {
    beginning = null;
    boolean waits = Files.exists(state.execFifo());
    switch (waits ? commands.called().start() : Start.COMMAND) {
      case READ -> startByReading();
      case WRITE -> startByWriting();
      case COMMAND -> startByCommand();
    }
  }

  private void startByCommand() throws IOException {
    ChildProcess start = commands.runtime(state, "start", state.id().hex()).start(poller);
    if (ConmonRuntime.await(start, "start", commands.limit()) != 0) {
      throw RuntimeFailure.of("start", null, state.runtimeLog());
    }
  }

  /// crun's process waits until somebody writes to its fifo; doing it here saves a process, too.
  private void startByWriting() throws IOException {
    try (DescriptorStream fifo = Fifo.openOutput(poller, state.execFifo())) {
      Files.deleteIfExists(state.execFifo());
      fifo.write(new byte[1], 0, 1);
    } catch (KernelException e) {
      if (e.errno() != Errno.ENXIO && e.errno() != Errno.EPIPE) {
        throw e;
      }
      throw endedBeforeStart();
    }
  }

  private Fault.Conflict endedBeforeStart() {
    return new Fault.Conflict(
        "container " + state.id().abbreviated() + " ended before it was started");
  }

  /// runc's process waits until somebody reads from its fifo, and `runc start` does just that;
  /// doing it here saves a process.
  private void startByReading() throws IOException {
    boolean started;
    try (DescriptorStream fifo = Fifo.openInput(poller, state.execFifo());
        Deadline deadline = Deadline.after(commands.limit(), () -> signal(SIGKILL))) {
      starting = true;
      if (exit.isDone()) {
        Fifo.hangUp(state.execFifo());
      }
      fifo.awaitInput();
      started = fifo.read(new byte[1], 0, 1) > 0;
      if (deadline.passed()) {
        throw RuntimeFailure.hung("start", commands.limit());
      }
    } finally {
      starting = false;
    }
    if (!started) {
      throw endedBeforeStart();
    }
    Files.deleteIfExists(state.execFifo());
  }

  @Override
  public boolean signal(int signal) throws IOException {
    ProcessDescriptor process = ConmonRuntime.held(poller, record.pid(), record.pidStart(), record);
    if (process == null) {
      return false;
    }
    try (process) {
      return process.signal(signal);
    }
  }

  @Override
  public void pause() throws IOException {
    cgroup.freeze();
  }

  @Override
  public void resume() throws IOException {
    cgroup.thaw();
  }

  @Override
  public void resize(int columns, int rows) throws IOException {
    control.resize(columns, rows);
  }

  @Override
  public @Nullable ExitStatus exited() {
    try {
      return exit.getNow(null);
    } catch (CompletionException e) {
      throw new UncheckedIOException(new IOException("reading how the container ended", e));
    }
  }

  @Override
  public ExitStatus await() throws InterruptedException {
    try {
      return exit.get();
    } catch (ExecutionException e) {
      throw new UncheckedIOException(new IOException("reading how the container ended", e));
    }
  }

  @Override
  public Attachment attach() throws IOException {
    LogFiles.Mark from = beginning;
    CatchUp rest = from == null ? null : new CatchUp(log, from, exit::isDone);
    return hub.attach(exit.isDone(), rest);
  }

  @Override
  public LogReader logs(LogQuery query) throws IOException {
    return new RotatedLogReader(log, query, exit::isDone);
  }

  @Override
  public List<Integer> pids() throws IOException {
    return cgroup.pids();
  }

  @Override
  public CgroupUsage usage() throws IOException {
    return cgroup.usage();
  }

  @Override
  public void update(byte[] resources) throws IOException {
    Path file = state.folder().resolve("resources.json");
    Files.write(file, resources);
    Files.deleteIfExists(state.runtimeLog());
    ChildProcess update =
        commands.runtime(state, "update", "-r", file.toString(), state.id().hex()).start(poller);
    if (ConmonRuntime.await(update, "update", commands.limit()) != 0) {
      throw RuntimeFailure.of("update", null, state.runtimeLog());
    }
  }

  @Override
  public ExecProcess exec(String key, byte[] process, Stdio stdio, boolean attached)
      throws IOException {
    if (exit.isDone()) {
      throw new Fault.Conflict("container " + state.id().abbreviated() + " is not running");
    }
    return ConmonExec.start(poller, commands, state, key, process, stdio, attached, patience);
  }

  @Override
  public byte @Nullable [] systemCallFilter() throws IOException {
    Path filter = state.compiledFilter();
    byte[] bytes = Files.exists(filter) ? Files.readAllBytes(filter) : new byte[0];
    return bytes.length == 0 ? null : bytes;
  }

  @Override
  public void delete() throws IOException {
    signal(SIGKILL);
    // A frozen process does not end on cgroup v1 before it is thawed; removing the group does both.
    if (record.cgroups().isEmpty() || commands.called().start() == Start.COMMAND) {
      deleteByRuntime();
    }
    cgroup.remove();
    try {
      exit.get(commands.limit().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while deleting a container");
    } catch (TimeoutException e) {
      throw new IOException(
          "the monitor of container " + state.id().abbreviated() + " does not end", e);
    } catch (ExecutionException e) {
      // Told to those who asked how it ended.
      System.getLogger(ConmonProcess.class.getName())
          .log(System.Logger.Level.DEBUG, "deleting a container whose end is unknown", e);
    }
    log.settle();
    state.remove();
  }

  private void deleteByRuntime() throws IOException {
    Path known = state.runtimeState();
    if (Files.exists(known)) {
      ConmonRuntime.await(
          commands.runtime(state, "delete", "-f", state.id().hex()).start(poller),
          "delete",
          commands.limit());
    }
  }
}
