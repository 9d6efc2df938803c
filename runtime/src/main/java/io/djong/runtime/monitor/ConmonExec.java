package io.djong.runtime.monitor;

import io.djong.linux.ChildProcess;
import io.djong.linux.Pipe;
import io.djong.linux.Poller;
import io.djong.linux.ProcessDescriptor;
import io.djong.linux.ProcessStatus;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.ExecProcess;
import io.djong.runtime.ExitStatus;
import io.djong.runtime.Stdio;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One more process in a container, with a conmon of its own. Its files go as soon as it has ended.
final class ConmonExec implements ExecProcess {
  private static final int UNKNOWN = 255;
  private static final byte[] GO = {'1'};

  private final Poller poller;
  private final Control control;
  private final AttachHub hub;
  private final int pid;
  private final long pidStart;
  private final AtomicReference<@Nullable Attachment> first;
  private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();

  private ConmonExec(Poller poller, Path folder, AttachHub hub, int pid, @Nullable Attachment first)
      throws IOException {
    this.poller = poller;
    this.control = new Control(poller, folder.resolve("ctl"));
    this.hub = hub;
    this.pid = pid;
    this.pidStart = ProcessStatus.of(pid).map(ProcessStatus::startTime).orElse(-1L);
    this.first = new AtomicReference<>(first);
  }

  static ExecProcess start(
      Poller poller,
      MonitorCommand commands,
      StateFolder state,
      String key,
      byte[] process,
      Stdio stdio,
      boolean attached,
      Duration patience)
      throws IOException {
    commands.announce();
    Path folder = state.execFolder(key);
    Files.createDirectories(folder);
    Pipe sync = Pipe.fromChild(poller);
    boolean done = false;
    try {
      Files.write(folder.resolve("process.json"), process);
      AttachHub hub =
          new AttachHub(
              poller, folder.resolve("attach"), stdio.stdin(), !stdio.terminal(), patience);
      ChildProcess monitor;
      Attachment attachment = null;
      try (Pipe start = Pipe.toChild(poller);
          Pipe ready = Pipe.fromChild(poller)) {
        monitor =
            commands
                .exec(state, key, stdio, sync.output(), start.input(), ready.output())
                .start(poller);
        sync.output().close();
        start.input().close();
        ready.output().close();
        start.output().write(GO, 0, 1);
        // Attached before the process exists, it can lose nothing.
        if (ConmonRuntime.answer(monitor, ready, "exec", commands.limit()) != null && attached) {
          attachment = hub.attach(false, null);
        }
        if (stdio.owner() != null) {
          StreamPipes.giveAllOf(monitor.pid(), stdio.owner());
        }
        start.output().write(GO, 0, 1);
      }
      SyncMessage message = ConmonRuntime.answer(monitor, sync, "exec", commands.limit());
      if (message == null || message.data() <= 0) {
        ConmonRuntime.await(monitor, "exec", commands.limit());
        throw RuntimeFailure.of("exec", message, folder.resolve("runtime.log"));
      }
      HostNull.takeBack();
      ConmonExec exec = new ConmonExec(poller, folder, hub, message.data(), attachment);
      Thread.ofVirtual().name("exit of exec " + key).start(() -> exec.ends(monitor, sync, folder));
      done = true;
      return exec;
    } finally {
      if (!done) {
        sync.close();
        StateFolder.removeTree(folder);
      }
    }
  }

  private void ends(ChildProcess monitor, Pipe sync, Path folder) {
    try (sync) {
      SyncMessage message = SyncMessage.read(sync.input());
      monitor.await();
      boolean oom = Files.exists(folder.resolve("oom"));
      StateFolder.removeTree(folder);
      int code = message == null || message.data() < 0 ? UNKNOWN : message.data();
      exit.complete(new ExitStatus(code, oom, Instant.now()));
    } catch (IOException e) {
      exit.completeExceptionally(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exit.cancel(false);
    }
  }

  @Override
  public int pid() {
    return exit.isDone() ? 0 : pid;
  }

  @Override
  public void resize(int columns, int rows) throws IOException {
    control.resize(columns, rows);
  }

  @Override
  public Attachment attach() throws IOException {
    Attachment reserved = first.getAndSet(null);
    return reserved == null ? hub.attach(exit.isDone(), null) : reserved;
  }

  @Override
  public @Nullable ExitStatus exited() {
    try {
      return exit.getNow(null);
    } catch (CompletionException e) {
      throw new UncheckedIOException(new IOException("reading how the process ended", e));
    }
  }

  @Override
  public ExitStatus await() throws InterruptedException {
    try {
      return exit.get();
    } catch (ExecutionException e) {
      throw new UncheckedIOException(new IOException("reading how the process ended", e));
    }
  }

  @Override
  public boolean signal(int signal) throws IOException {
    if (exit.isDone() || !MonitorRecord.alive(pid, pidStart)) {
      return false;
    }
    try (ProcessDescriptor process = ProcessDescriptor.open(poller, pid)) {
      return MonitorRecord.alive(pid, pidStart) && process.signal(signal);
    }
  }
}
