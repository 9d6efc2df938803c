package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.model.Signals;
import io.djong.model.record.ContainerRecord;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ExitStatus;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

  /// @param ref how the user calls it, for what it is told
  boolean stop(
      Container container, String ref, @Nullable String signal, @Nullable Integer timeoutSeconds)
      throws IOException, InterruptedException {
    int number =
        signal == null || signal.isEmpty()
            ? Signals.stopSignal(container.record().config().stopSignal())
            : number(ref, signal, "stop");
    if (comesToRest(container)) {
      events.tell(container, "stop");
      return true;
    }
    Run run = run(container, true);
    if (run == null) {
      return false;
    }
    send(container, run, number);
    Integer own = container.record().config().stopTimeout();
    int seconds = timeoutSeconds != null ? timeoutSeconds : own != null ? own : DEFAULT_TIMEOUT;
    if (!endsWithin(run.exit(), seconds)) {
      send(container, run, Signals.KILL);
      KilledContainer.awaitEnd(run.process(), run.exit(), refused(container, "stop"));
    }
    events.tell(container, "stop");
    return true;
  }

  /// @param ref how the user calls it, for what it is told
  void kill(Container container, String ref, String signal)
      throws IOException, InterruptedException {
    int number = number(ref, signal, "kill");
    if (endsRestarts(container, number) && comesToRest(container)) {
      return;
    }
    Run run = run(container, endsRestarts(container, number));
    if (run == null) {
      throw new Fault.Conflict(
          "cannot kill container: " + ref + ": container " + container.id() + " is not running");
    }
    send(container, run, number);
    if (number == Signals.KILL) {
      KilledContainer.awaitEnd(run.process(), run.exit(), refused(container, "kill"));
    }
  }

  private static String refused(Container container, String verb) {
    return "cannot " + verb + " container: " + container.name();
  }

  private static int number(String ref, String signal, String verb) {
    try {
      return signal.isEmpty() ? Signals.KILL : Signals.parse(signal);
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid("cannot " + verb + " container: " + ref + ": " + e.getMessage(), e);
    }
  }

  /// Kills a container that its health check gave up: its restart policy may start it again.
  void killUnwell(Container container) throws IOException, InterruptedException {
    Run run = run(container, false);
    if (run != null) {
      send(container, run, Signals.KILL);
      KilledContainer.awaitEnd(run.process(), run.exit(), refused(container, "kill"));
    }
  }

  /// As in Docker: whoever kills a container, or sends it its stop signal, wants its end.
  private static boolean endsRestarts(Container container, int signal) {
    String own = container.record().config().stopSignal();
    return own == null
        || own.isEmpty()
        || signal == Signals.KILL
        || signal == Signals.stopSignal(own);
  }

  /// Ends the wait for a restart.
  ///
  /// @return false if it did not wait
  boolean comesToRest(Container container) throws IOException {
    container.lock().lock();
    try {
      if (!container.isRestarting()) {
        return false;
      }
      container.restartPause().reset();
      register.update(container, container.record().withLife(container.life().atRest(true)));
      container.ended(container.lastStatus());
      return true;
    } finally {
      container.lock().unlock();
    }
  }

  /// @param stays whether its restart policy is to leave it alone when this run has ended
  private @Nullable Run run(Container container, boolean stays) throws IOException {
    container.lock().lock();
    try {
      ContainerProcess process = container.process();
      if (!container.isRunning() || process == null) {
        return null;
      }
      if (stays) {
        container.askToStop(true);
        if (Restarts.hasPolicy(container.record()) && !container.life().stoppedByUser()) {
          // Before the signal: a daemon that dies in between must not start it again.
          register.update(
              container, container.record().withLife(container.life().withStoppedByUser(true)));
        }
      }
      return new Run(process, container.nextExit(), container.life().paused());
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
    return KilledContainer.endsWithin(exit, seconds < 0 ? Integer.MAX_VALUE : seconds);
  }

  void pause(Container container, boolean paused) throws IOException {
    container.lock().lock();
    try {
      ContainerProcess process = container.process();
      if (container.isRestarting()) {
        throw new Fault.Conflict(
            "Container " + container.id() + " is restarting, wait until the container is running");
      }
      if (!paused && !container.life().paused()) {
        throw new Fault.Failed("Container " + container.id() + " is not paused");
      }
      if (!container.isRunning() || process == null) {
        throw new Fault.Conflict("container " + container.id() + " is not running");
      }
      if (paused && container.life().paused()) {
        throw new Fault.Conflict("Container " + container.id() + " is already paused");
      }
      if (paused) {
        process.pause();
      } else {
        process.resume();
      }
      ContainerRecord record = container.record();
      register.update(container, record.withLife(record.life().withPaused(paused)));
      events.tell(container, paused ? "pause" : "unpause");
    } finally {
      container.lock().unlock();
    }
  }
}
