package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.record.ContainerRecord;
import io.djong.model.record.ContainerRecord.Life;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Ends, signals and halts running containers.
final class ContainerStop {
  private static final int DEFAULT_TIMEOUT = 10;

  private final ContainerRegister register;
  private final ContainerEvents events;

  ContainerStop(ContainerParts parts) {
    this.register = parts.register();
    this.events = parts.events();
  }

  private record Run(
      ContainerProcess process, CompletableFuture<ExitStatus> exit, boolean paused) {}

  boolean stop(Container container, @Nullable String signal, @Nullable Integer timeoutSeconds)
      throws IOException, InterruptedException {
    int number =
        signal == null || signal.isEmpty()
            ? Signals.stopSignal(container.record().config().stopSignal())
            : Signals.parse(signal);
    Run run = run(container);
    if (run == null) {
      return false;
    }
    send(container, run, number);
    Integer own = container.record().config().stopTimeout();
    int seconds = timeoutSeconds != null ? timeoutSeconds : own != null ? own : DEFAULT_TIMEOUT;
    if (!endsWithin(run.exit(), seconds)) {
      send(container, run, Signals.KILL);
      endsWithin(run.exit(), -1);
    }
    events.tell(container, "stop");
    return true;
  }

  void kill(Container container, String signal) throws IOException, InterruptedException {
    int number = number(container, signal);
    Run run = run(container);
    if (run == null) {
      throw new Fault.Conflict(
          "cannot kill container: "
              + container.name()
              + ": container "
              + container.id()
              + " is not running");
    }
    send(container, run, number);
    if (number == Signals.KILL) {
      endsWithin(run.exit(), -1);
    }
  }

  private static int number(Container container, String signal) {
    try {
      return signal.isEmpty() ? Signals.KILL : Signals.parse(signal);
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid(
          "cannot kill container: " + container.name() + ": " + e.getMessage(), e);
    }
  }

  private @Nullable Run run(Container container) {
    container.lock().lock();
    try {
      ContainerProcess process = container.process();
      return container.isRunning() && process != null
          ? new Run(process, container.nextExit(), container.life().paused())
          : null;
    } finally {
      container.lock().unlock();
    }
  }

  private void send(Container container, Run run, int signal) throws IOException {
    run.process().signal(signal);
    events.tell(container, "kill", Map.of("signal", String.valueOf(signal)));
    if (run.paused() && signal != 19) {
      // A frozen process gets its signal when it thaws.
      run.process().resume();
    }
  }

  /// @param seconds negative waits for ever
  private static boolean endsWithin(CompletableFuture<ExitStatus> exit, int seconds)
      throws InterruptedException {
    try {
      if (seconds < 0) {
        exit.get();
      } else {
        exit.get(seconds, TimeUnit.SECONDS);
      }
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an exit is never exceptional", e);
    }
  }

  void pause(Container container, boolean paused) throws IOException {
    container.lock().lock();
    try {
      ContainerProcess process = container.process();
      if (!container.isRunning() || process == null) {
        throw new Fault.Conflict("Container " + container.id() + " is not running");
      }
      if (container.life().paused() == paused) {
        throw new Fault.Conflict(
            "Container " + container.id() + (paused ? " is already paused" : " is not paused"));
      }
      if (paused) {
        process.pause();
      } else {
        process.resume();
      }
      ContainerRecord record = container.record();
      register.update(container, record.withLife(paused(record.life(), paused)));
      events.tell(container, paused ? "pause" : "unpause");
    } finally {
      container.lock().unlock();
    }
  }

  private static Life paused(Life life, boolean paused) {
    return new Life(
        life.phase(),
        life.pid(),
        paused,
        life.startedAt(),
        life.finishedAt(),
        life.exitCode(),
        life.oomKilled(),
        life.error(),
        life.bootId(),
        life.stoppedByUser(),
        life.restarts());
  }
}
