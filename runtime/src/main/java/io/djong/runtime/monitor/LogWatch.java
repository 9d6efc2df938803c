package io.djong.runtime.monitor;

import io.djong.linux.FolderWatch;
import io.djong.linux.Poller;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Watches the logs of all running containers, to rotate them and to wake those who follow them.
/// While nothing is written it costs nothing.
final class LogWatch implements AutoCloseable {
  /// Changes of this time are looked at together: a container that floods its log costs no more
  /// than one that writes a hundred times a second.
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  private static final System.Logger LOGGER = System.getLogger(LogWatch.class.getName());

  private final FolderWatch folders;
  private final Map<Integer, List<LogFiles>> logs = new HashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  LogWatch(Poller poller) throws IOException {
    folders = new FolderWatch(poller);
    thread = Thread.ofVirtual().name("log watch").start(this::run);
  }

  void add(LogFiles log) throws IOException {
    Path folder = log.path().toAbsolutePath().resolveSibling(".").normalize();
    synchronized (logs) {
      logs.computeIfAbsent(folders.add(folder), _ -> new CopyOnWriteArrayList<>()).add(log);
    }
    log.resume();
    log.pack();
  }

  void remove(LogFiles log) {
    synchronized (logs) {
      logs.entrySet()
          .removeIf(
              entry -> {
                boolean last = entry.getValue().remove(log) && entry.getValue().isEmpty();
                if (last) {
                  folders.remove(entry.getKey());
                }
                return last;
              });
    }
  }

  private void run() {
    try {
      while (!closed) {
        for (FolderWatch.Event event : folders.next()) {
          for (LogFiles log : concerned(event)) {
            look(log);
          }
        }
        LockSupport.parkNanos(PAUSE);
      }
    } catch (IOException e) {
      if (!closed) {
        LOGGER.log(System.Logger.Level.ERROR, "logs are no longer watched", e);
      }
    }
  }

  private List<LogFiles> concerned(FolderWatch.Event event) {
    synchronized (logs) {
      if (event.key() == FolderWatch.OVERFLOW) {
        return logs.values().stream().flatMap(List::stream).toList();
      }
      return logs.getOrDefault(event.key(), List.of()).stream()
          .filter(log -> log.path().endsWith(event.name()))
          .toList();
    }
  }

  private static void look(LogFiles log) {
    try {
      log.trim();
      log.rotateIfFull();
      log.pack();
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "rotating log \"" + log.path() + "\"", e);
    }
    log.changed();
  }

  @Override
  public void close() {
    closed = true;
    folders.close();
    thread.interrupt();
  }
}
