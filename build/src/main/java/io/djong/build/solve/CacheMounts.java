package io.djong.build.solve;

import io.djong.model.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The folders of `RUN --mount=type=cache`: they outlive the steps, and every step with the same id
/// finds what the last one left. Safe for use by several threads.
public final class CacheMounts {
  private final Path folder;

  /// Guards the map.
  private final Object lock = new Object();

  private final Map<String, Shelf> shelves = new HashMap<>();

  /// One id: who has its folder, and how many copies of it are in use.
  private static final class Shelf {
    private final ReentrantReadWriteLock users = new ReentrantReadWriteLock(true);
    private final java.util.Set<Integer> copies = new java.util.TreeSet<>();
  }

  public CacheMounts(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder.toAbsolutePath());
  }

  /// A folder as long as it is used. Closed by the thread that took it.
  interface Taken extends AutoCloseable {
    Path path();

    /// Whether nobody had it before.
    boolean isNew();

    @Override
    void close();
  }

  /// @param sharing shared, private (a copy of one's own while another uses it) or locked (waits)
  Taken take(String id, String sharing) throws IOException, InterruptedException {
    Shelf shelf;
    synchronized (lock) {
      shelf = shelves.computeIfAbsent(id, _ -> new Shelf());
    }
    if (sharing.equals("private")) {
      return takeCopy(id, shelf);
    }
    var users = sharing.equals("locked") ? shelf.users.writeLock() : shelf.users.readLock();
    users.lockInterruptibly();
    boolean done = false;
    try {
      Taken taken = taken(path(id, 0), users::unlock);
      done = true;
      return taken;
    } finally {
      if (!done) {
        users.unlock();
      }
    }
  }

  private Taken takeCopy(String id, Shelf shelf) throws IOException {
    int number = 0;
    synchronized (lock) {
      while (!shelf.copies.add(number)) {
        number++;
      }
    }
    int copy = number;
    return taken(
        path(id, copy),
        () -> {
          synchronized (lock) {
            shelf.copies.remove(copy);
          }
        });
  }

  private Taken taken(Path path, Runnable giveBack) throws IOException {
    boolean isNew = !Files.isDirectory(path);
    if (isNew) {
      Files.createDirectories(path);
    }
    return new Taken() {
      @Override
      public Path path() {
        return path;
      }

      @Override
      public boolean isNew() {
        return isNew;
      }

      @Override
      public void close() {
        giveBack.run();
      }
    };
  }

  /// An id is anything people write; a folder's name is not.
  private Path path(String id, int copy) {
    String name = Digest.of(id.getBytes(StandardCharsets.UTF_8)).hex();
    return folder.resolve(copy == 0 ? name : name + "-" + copy);
  }
}
