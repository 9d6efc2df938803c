package io.djong.runtime.monitor;

import io.djong.runtime.Stdio.LogLimits;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The files of one log: `NAME` is written by the monitor, `NAME.1` came before it, `NAME.2` before
/// that.
///
/// conmon 2.1.6 has no rotation of its own. The file is renamed first, and the monitor, which goes
/// on writing to it, told then to begin a new one: it makes `NAME` by a rename once it has closed
/// the old file. So whoever sees a new `NAME` and has read the old file to its end has missed
/// nothing.
final class LogFiles {
  private final Path path;
  private final LogLimits limits;
  private final @Nullable Control control;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long changes;

  /// @param control null if nobody writes the log
  LogFiles(Path path, LogLimits limits, @Nullable Control control) {
    this.path = path;
    this.limits = limits;
    this.control = control;
  }

  /// A file of the log that is open for reading.
  ///
  /// @param key what the file is, whatever its name has become
  record LogFile(FileChannel channel, Object key) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /// A place in the log.
  record Mark(Object key, long offset) {}

  /// The end of the log now.
  ///
  /// @return null if there is no log
  @Nullable Mark end() throws IOException {
    lock.lock();
    try {
      Object key = key(path);
      return key == null ? null : new Mark(key, Files.size(path));
    } finally {
      lock.unlock();
    }
  }

  Path path() {
    return path;
  }

  /// Something may have been written, or the monitor has ended.
  void changed() {
    lock.lock();
    try {
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A number that grows with each change; read it before looking at the files.
  long changes() {
    lock.lock();
    try {
      return changes;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a change after `seen`.
  ///
  /// @return false if there was none in time
  boolean await(long seen, long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (changes == seen) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  static final long FOREVER = TimeUnit.DAYS.toNanos(365);

  /// Begins a new file if this one is full. Called for each change.
  void rotateIfFull() throws IOException {
    lock.lock();
    try {
      Control monitor = control;
      if (monitor == null || size(path) < limits.maxBytes()) {
        return;
      }
      trim();
      for (int i = count(); i >= 1; i--) {
        Files.move(older(i), older(i + 1), StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(path, older(1), StandardCopyOption.ATOMIC_MOVE);
      monitor.reopenLog();
    } finally {
      lock.unlock();
    }
  }

  /// Ends a rotation: there is a new file, so the oldest may go.
  void trim() throws IOException {
    lock.lock();
    try {
      if (Files.exists(path)) {
        for (int i = count(); i >= Math.max(1, limits.maxFiles()); i--) {
          Files.deleteIfExists(older(i));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// A daemon that died between renaming and telling the monitor has left no file.
  void resume() throws IOException {
    lock.lock();
    try {
      if (control != null && Files.notExists(path) && Files.exists(older(1))) {
        control.reopenLog();
      }
    } finally {
      lock.unlock();
    }
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  private int count() {
    int count = 0;
    while (Files.exists(older(count + 1))) {
      count++;
    }
    return count;
  }

  private Path older(int index) {
    return path.resolveSibling(path.getFileName() + "." + index);
  }

  /// Opens all files, the newest first.
  List<LogFile> openAll() throws IOException {
    List<LogFile> files = new ArrayList<>();
    lock.lock();
    try {
      LogFile current = open(path);
      if (current != null) {
        files.add(current);
      }
      for (int i = 1; i <= count(); i++) {
        LogFile file = open(older(i));
        if (file != null) {
          files.add(file);
        }
      }
      return files;
    } finally {
      lock.unlock();
    }
  }

  /// Opens the file that came after this one.
  ///
  /// @return null if there is none yet
  @Nullable LogFile openNext(LogFile file) throws IOException {
    lock.lock();
    try {
      if (file.key().equals(key(path))) {
        return null;
      }
      int count = count();
      for (int i = 1; i <= count; i++) {
        if (file.key().equals(key(older(i)))) {
          return open(i == 1 ? path : older(i - 1));
        }
      }
      // It is gone, and so may be some that came after it: what is left begins with the oldest.
      return open(count == 0 ? path : older(count));
    } finally {
      lock.unlock();
    }
  }

  private static @Nullable Object key(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static @Nullable LogFile open(Path file) throws IOException {
    Object key = key(file);
    if (key == null) {
      return null;
    }
    try {
      return new LogFile(FileChannel.open(file, StandardOpenOption.READ), key);
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
