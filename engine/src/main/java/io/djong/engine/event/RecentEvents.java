package io.djong.engine.event;

import io.djong.engine.Events;
import io.djong.engine.Filters;
import io.djong.model.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps the last events in memory, and in a journal for those who ask after a restart, and hands
/// new ones to listeners, each with a queue of its own.
public final class RecentEvents implements Events {
  private static final int KEPT = 4096;
  private static final int QUEUE = 8192;

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Event> recent = new ArrayDeque<>();
  private final List<Listener> listeners = new ArrayList<>();

  private final EventJournal journal;

  /// @param file the journal's; its folder exists
  public RecentEvents(Path file, InstantSource clock) throws IOException {
    this.clock = clock;
    this.journal = new EventJournal(file);
    List<Event> earlier = journal.read();
    recent.addAll(earlier.subList(Math.max(0, earlier.size() - KEPT), earlier.size()));
    journal.open();
  }

  @Override
  public void publish(Event event) {
    lock.lock();
    try {
      journal.add(event);
      recent.addLast(event);
      if (recent.size() > KEPT) {
        recent.removeFirst();
      }
      listeners.removeIf(listener -> !listener.offer(event));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Subscription subscribe(@Nullable Instant since, @Nullable Instant until, Filters filters) {
    EventFilter filter = new EventFilter(filters);
    if (since != null && until != null && since.isAfter(until)) {
      throw new Fault.Invalid(
          "`since` time ("
              + since.getEpochSecond()
              + ") cannot be after `until` time ("
              + until.getEpochSecond()
              + ")");
    }
    lock.lock();
    try {
      Listener listener = new Listener(filter, until);
      if (since != null) {
        for (Event event : recent) {
          if (!event.time().isBefore(since)) {
            listener.offer(event);
          }
        }
      }
      listeners.add(listener);
      return listener;
    } finally {
      lock.unlock();
    }
  }

  /// Ends all subscriptions.
  public void close() {
    lock.lock();
    try {
      List.copyOf(listeners).forEach(Listener::close);
    } finally {
      lock.unlock();
    }
    journal.close();
  }

  private final class Listener implements Subscription {
    private final EventFilter filter;
    private final @Nullable Instant until;
    private final Condition changed = lock.newCondition();
    private final Deque<Event> queue = new ArrayDeque<>();
    private boolean ended;

    Listener(EventFilter filter, @Nullable Instant until) {
      this.filter = filter;
      this.until = until;
    }

    /// Under the lock.
    ///
    /// @return false if this listener is lost
    boolean offer(Event event) {
      if (ended) {
        return false;
      }
      if ((until != null && event.time().isAfter(until)) || !filter.fits(event)) {
        return true;
      }
      if (queue.size() >= QUEUE) {
        ended = true;
      } else {
        queue.addLast(event);
      }
      changed.signalAll();
      return !ended;
    }

    @Override
    public @Nullable Event next() throws InterruptedException {
      lock.lock();
      try {
        while (queue.isEmpty() && !ended) {
          if (until == null) {
            changed.await();
          } else {
            long left = Duration.between(clock.instant(), until).toNanos();
            if (left <= 0 || changed.awaitNanos(left) <= 0) {
              return queue.pollFirst();
            }
          }
        }
        return queue.pollFirst();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        ended = true;
        listeners.remove(this);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
