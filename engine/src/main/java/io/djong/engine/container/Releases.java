package io.djong.engine.container;

import io.djong.runtime.ContainerProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Gives back what a run of a container used. What cannot be given back at once, for want of
/// descriptors or of room on the disk say, is tried again later, until it is or the container has
/// another run, whose start clears up. Safe for use by many threads.
final class Releases implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final CountDownLatch closed = new CountDownLatch(1);

  /// One thing that is given back; idempotent.
  record Step(String what, Rollback.Action action) {}

  /// Under the container's lock.
  ///
  /// @param steps in their order; one that fails stops no other
  void release(Container container, ContainerProcess run, List<Step> steps) {
    List<Step> left = remaining(steps);
    if (!left.isEmpty()) {
      Thread.ofVirtual()
          .name("leftovers of " + container.id().abbreviated())
          .start(() -> releaseLater(container, run, left));
    }
  }

  private static List<Step> remaining(List<Step> steps) {
    return steps.stream().filter(step -> !Rollback.attempt(step.what(), step.action())).toList();
  }

  private void releaseLater(Container container, ContainerProcess run, List<Step> steps) {
    try {
      List<Step> left = steps;
      Duration pause = FIRST_PAUSE;
      // When the engine closes, the next one finds what is left.
      while (!left.isEmpty() && !closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
        container.lock().lockInterruptibly();
        try {
          left = run.equals(container.process()) ? remaining(left) : List.of();
        } finally {
          container.lock().unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Nothing is tried again any more.
  @Override
  public void close() {
    closed.countDown();
  }
}
