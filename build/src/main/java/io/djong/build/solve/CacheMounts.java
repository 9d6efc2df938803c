package io.djong.build.solve;

import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
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

    /// Whoever makes the folder has it.
    private final ReentrantLock making = new ReentrantLock();
  }

  public CacheMounts(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder.toAbsolutePath());
  }

  /// A folder as long as it is used. Closed by the thread that took it.
  interface Taken extends AutoCloseable {
    Path path();

    @Override
    void close();
  }

  /// Fills a folder that nobody had before; nobody sees it until that is done.
  @FunctionalInterface
  interface Making {
    void fill(Path folder) throws IOException;
  }

  /// @param sharing shared, private (a copy of one's own while another uses it) or locked (waits)
  Taken take(String id, String sharing, Making making) throws IOException, InterruptedException {
    Shelf shelf;
    synchronized (lock) {
      shelf = shelves.computeIfAbsent(id, _ -> new Shelf());
    }
    if (sharing.equals("private")) {
      return takeCopy(id, shelf, making);
    }
    var users = sharing.equals("locked") ? shelf.users.writeLock() : shelf.users.readLock();
    users.lockInterruptibly();
    boolean done = false;
    try {
      Taken taken = taken(shelf, path(id, 0), making, users::unlock);
      done = true;
      return taken;
    } finally {
      if (!done) {
        users.unlock();
      }
    }
  }

  private Taken takeCopy(String id, Shelf shelf, Making making)
      throws IOException, InterruptedException {
    int number = 0;
    synchronized (lock) {
      while (!shelf.copies.add(number)) {
        number++;
      }
    }
    int copy = number;
    Runnable giveBack =
        () -> {
          synchronized (lock) {
            shelf.copies.remove(copy);
          }
        };
    boolean done = false;
    try {
      Taken taken = taken(shelf, path(id, copy), making, giveBack);
      done = true;
      return taken;
    } finally {
      if (!done) {
        giveBack.run();
      }
    }
  }

  private static Taken taken(Shelf shelf, Path path, Making making, Runnable giveBack)
      throws IOException, InterruptedException {
    shelf.making.lockInterruptibly();
    try {
      if (!Files.isDirectory(path)) {
        make(path, making);
      }
    } finally {
      shelf.making.unlock();
    }
    return new Taken() {
      @Override
      public Path path() {
        return path;
      }

      @Override
      public void close() {
        giveBack.run();
      }
    };
  }

  private static void make(Path path, Making making) throws IOException {
    Path begun = path.resolveSibling(path.getFileName() + ".new");
    // Somebody may have been ended while filling it.
    empty(begun);
    Files.createDirectories(begun);
    boolean done = false;
    try {
      making.fill(begun);
      Files.move(begun, path, StandardCopyOption.ATOMIC_MOVE);
      done = true;
    } finally {
      if (!done) {
        empty(begun);
      }
    }
  }

  private static void empty(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Root root = Root.open(folder)) {
        root.removeTree(RawPath.ROOT);
      }
    }
  }

  /// Reads what lies in a folder.
  @FunctionalInterface
  interface Reading {
    void read(Path folder) throws IOException;
  }

  /// What came of a wish to have a folder alone.
  enum Alone {
    DONE,

    /// Somebody uses it.
    BUSY,

    /// It is not there to be read, or is there and must not be filled.
    NOT
  }

  /// Reads a folder that is there, while nobody else uses it. Waits for nobody.
  Alone read(String id, Reading reading) throws IOException {
    return alone(
        id,
        path -> {
          if (!Files.isDirectory(path)) {
            return Alone.NOT;
          }
          reading.read(path);
          return Alone.DONE;
        });
  }

  /// Fills a folder that is not there, or is empty, while nobody else uses it. Waits for nobody.
  Alone put(String id, Making making) throws IOException {
    return alone(
        id,
        path -> {
          if (Files.isDirectory(path) && !isEmpty(path)) {
            return Alone.NOT;
          }
          make(path, making);
          return Alone.DONE;
        });
  }

  private static boolean isEmpty(Path path) throws IOException {
    try (Root root = Root.open(path)) {
      return root.list(RawPath.ROOT).isEmpty();
    }
  }

  private interface Use {
    Alone of(Path folder) throws IOException;
  }

  private Alone alone(String id, Use use) throws IOException {
    Shelf shelf;
    synchronized (lock) {
      shelf = shelves.computeIfAbsent(id, _ -> new Shelf());
    }
    var users = shelf.users.writeLock();
    if (!users.tryLock()) {
      return Alone.BUSY;
    }
    try {
      synchronized (lock) {
        if (!shelf.copies.add(0)) {
          return Alone.BUSY;
        }
      }
      try {
        return use.of(path(id, 0));
      } finally {
        synchronized (lock) {
          shelf.copies.remove(0);
        }
      }
    } finally {
      users.unlock();
    }
  }

  /// An id is anything people write; a folder's name is not.
  private Path path(String id, int copy) {
    String name = Digest.of(id.getBytes(StandardCharsets.UTF_8)).hex();
    return folder.resolve(copy == 0 ? name : name + "-" + copy);
  }
}
