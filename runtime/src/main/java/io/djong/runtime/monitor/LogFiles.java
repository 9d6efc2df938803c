package io.djong.runtime.monitor;

import io.djong.runtime.Stdio.LogLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The files of one log: `NAME` is written by the monitor, `NAME.1` came before it, `NAME.2` before
/// that. Those may be packed, and have `.gz` behind their names then.
///
/// conmon 2.1.6 has no rotation of its own. The file is renamed first, and the monitor, which goes
/// on writing to it, told then to begin a new one: it makes `NAME` by a rename once it has closed
/// the old file. So whoever sees a new `NAME` and has read the old file to its end has missed
/// nothing, and the old file may be packed.
final class LogFiles {
  private static final System.Logger LOGGER = System.getLogger(LogFiles.class.getName());

  private final Path path;
  private final LogLimits limits;
  private final @Nullable Control control;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long changes;

  /// The number of the file that is written; the one before it has the number before.
  private long current;

  private boolean unpacked = true;
  private volatile boolean settled;
  private @Nullable Thread packer;

  /// @param control null if nobody writes the log
  LogFiles(Path path, LogLimits limits, @Nullable Control control) {
    this.path = path;
    this.limits = limits;
    this.control = control;
  }

  /// A place in the log.
  record Mark(long number, long offset) {}

  /// The end of the log now.
  ///
  /// @return null if there is no log
  @Nullable Mark end() throws IOException {
    lock.lock();
    try {
      long size = size(path);
      return size < 0 ? null : new Mark(current, size);
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
        shift(older(i), older(i + 1));
        shift(packed(i), packed(i + 1));
      }
      Files.move(path, older(1), StandardCopyOption.ATOMIC_MOVE);
      current++;
      unpacked = true;
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
          Files.deleteIfExists(packed(i));
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

  /// Packs, on a thread of its own, the files that the monitor has done with, if that is wanted.
  void pack() {
    lock.lock();
    try {
      if (!limits.compress() || !unpacked || packer != null || settled || Files.notExists(path)) {
        return;
      }
      packer = Thread.ofVirtual().name("packs " + path.getFileName()).start(this::packAll);
    } finally {
      lock.unlock();
    }
  }

  private void packAll() {
    try {
      while (packNewest()) {
        LOGGER.log(System.Logger.Level.DEBUG, "packed a file of " + path);
      }
    } catch (NoSuchFileException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "the log was removed while it was packed", e);
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "packing log \"" + path + "\"", e);
    } finally {
      lock.lock();
      try {
        packer = null;
      } finally {
        lock.unlock();
      }
    }
  }

  /// @return false if there is nothing to pack
  private boolean packNewest() throws IOException {
    Path packing = path.resolveSibling(path.getFileName() + ".gz.new");
    long number;
    FileChannel file;
    lock.lock();
    try {
      int index = newestUnpacked();
      if (settled || index == 0 || Files.notExists(path)) {
        unpacked = index != 0;
        return false;
      }
      number = current - index;
      file = FileChannel.open(older(index), StandardOpenOption.READ);
    } finally {
      lock.unlock();
    }
    try (file) {
      if (!PackedLog.pack(file, packing, () -> settled)) {
        return false;
      }
    }
    lock.lock();
    try {
      int index = (int) (current - number);
      if (Files.exists(older(index))) {
        Files.move(packing, packed(index), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(older(index));
      } else {
        Files.delete(packing);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private int newestUnpacked() {
    int count = count();
    for (int i = 1; i <= count; i++) {
      if (Files.exists(older(i))) {
        return i;
      }
    }
    return 0;
  }

  /// Ends what is done to the files, which may be removed then.
  void settle() throws IOException {
    Thread working;
    lock.lock();
    try {
      settled = true;
      working = packer;
    } finally {
      lock.unlock();
    }
    try {
      if (working != null) {
        working.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a log was packed");
    }
  }

  private static void shift(Path from, Path to) throws IOException {
    if (Files.exists(from)) {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
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
    while (Files.exists(older(count + 1)) || Files.exists(packed(count + 1))) {
      count++;
    }
    return count;
  }

  private Path older(int index) {
    return path.resolveSibling(path.getFileName() + "." + index);
  }

  private Path packed(int index) {
    return path.resolveSibling(path.getFileName() + "." + index + ".gz");
  }

  /// Opens all files, the newest first.
  List<LogFile> openAll() throws IOException {
    List<LogFile> files = new ArrayList<>();
    lock.lock();
    try {
      int count = count();
      for (int i = 0; i <= count; i++) {
        LogFile file = open(i);
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
      long ahead = current - file.number();
      // If some that came after it are gone, what is left begins with the oldest.
      return ahead == 0 ? null : open((int) Math.min(ahead - 1, count()));
    } finally {
      lock.unlock();
    }
  }

  /// @param index 0 for the file that is written
  private @Nullable LogFile open(int index) throws IOException {
    long number = current - index;
    try {
      Path plain = index == 0 ? path : older(index);
      return new LogFile(FileChannel.open(plain, StandardOpenOption.READ), number, null);
    } catch (NoSuchFileException e) {
      if (index == 0) {
        return null;
      }
    }
    try {
      FileChannel file = FileChannel.open(packed(index), StandardOpenOption.READ);
      return new LogFile(file, number, path.resolveSibling("").toAbsolutePath());
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
