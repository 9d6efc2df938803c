package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.runtime.ContainerProcess;
import io.djong.runtime.ExitStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A container whose end is certain to come, since it was sent SIGKILL – unless the kernel holds
/// its process (state D), or its monitor stands still. Nobody waits for that for ever.
final class KilledContainer {
  private static final int BEFORE_THAW_SECONDS = 2;
  private static final int PATIENCE_SECONDS = 20;

  private KilledContainer() {}

  /// Waits for the end. A process that somebody else has frozen is let go on, so that it gets its
  /// signal.
  ///
  /// @param refused what could not be done if the end does not come
  /// @throws Fault.Failed if it does not come; the container is as it was, and asking again is
  ///   allowed
  static void awaitEnd(ContainerProcess process, CompletableFuture<ExitStatus> exit, String refused)
      throws InterruptedException {
    if (endsWithin(exit, BEFORE_THAW_SECONDS)) {
      return;
    }
    Rollback.attempt("thawing a container that was killed", process::resume);
    if (!endsWithin(exit, PATIENCE_SECONDS)) {
      throw new Fault.Failed(
          refused
              + ": tried to kill container, but did not receive an exit event: its process hangs in"
              + " the kernel, or its monitor does not answer; try again later");
    }
  }

  static boolean endsWithin(CompletableFuture<ExitStatus> exit, int seconds)
      throws InterruptedException {
    try {
      exit.get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an exit is never exceptional", e);
    }
  }
}
