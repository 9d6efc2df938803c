package io.djong.registry.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The stretch of a blob that several connections bring while one reader follows: pieces, in the
/// order of their bytes, each brought by one connection at a time. The reader drops what he has
/// read, and no piece is begun while too many wait. Safe for use by several threads; this is the
/// lock of the pieces.
final class RangeWindow {
  private final Ranges ranges;
  private final PieceFolders.Folder folder;
  private final long size;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private final TreeMap<Long, Long> left;
  private long next;
  private long arrived;
  private int running;
  private int wanted;
  private boolean over;
  private @Nullable IOException failure;

  /// One piece. Its fields are the window's.
  static final class Piece {
    final long first;
    final long end;
    private long came;
    private boolean taken;

    private Piece(long first, long end, long came) {
      this.first = first;
      this.end = end;
      this.came = came;
    }
  }

  /// @param from the first byte that is to be read
  /// @param left what earlier windows brought, by first byte to behind the last
  RangeWindow(
      Ranges ranges, PieceFolders.Folder folder, long from, long size, Map<Long, Long> left) {
    this.ranges = ranges;
    this.folder = folder;
    this.size = size;
    this.left = new TreeMap<>(left);
    Map.Entry<Long, Long> around = this.left.floorEntry(from);
    this.next = around == null ? from : around.getKey();
  }

  /// The first byte that is not here and that no piece covers; the blob's size if there is none.
  long firstMissing() {
    lock.lock();
    try {
      while (next < size && left.containsKey(next)) {
        pieces.add(begin());
        Piece last = pieces.getLast();
        if (last.first + last.came < last.end) {
          return last.first + last.came;
        }
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /// Counts a connection that wants to bring pieces.
  void enter() {
    lock.lock();
    try {
      running++;
      wanted = Math.max(wanted, running);
    } finally {
      lock.unlock();
    }
  }

  /// Says how many connections there should be; those that are too many end with their piece.
  ///
  /// @return how many are missing
  int want(int connections) {
    lock.lock();
    try {
      wanted = connections;
      changed.signalAll();
      return over || isBegun() ? 0 : Math.max(0, connections - running);
    } finally {
      lock.unlock();
    }
  }

  private boolean isBegun() {
    return next >= size;
  }

  /// The next piece for a connection to bring; null, and the connection is not counted any more, if
  /// there is nothing left for it to do.
  @Nullable Piece take() throws InterruptedIOException {
    lock.lock();
    try {
      while (true) {
        Piece piece = over || running > wanted ? null : open();
        if (piece != null) {
          piece.taken = true;
          return piece;
        }
        if (over || running > wanted || isBegun()) {
          running--;
          return null;
        }
        changed.await();
      }
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Piece open() {
    for (Piece piece : pieces) {
      if (!piece.taken && piece.first + piece.came < piece.end) {
        return piece;
      }
    }
    while (pieces.size() < ranges.ahead() && next < size) {
      Piece piece = begin();
      pieces.add(piece);
      changed.signalAll();
      if (piece.first + piece.came < piece.end) {
        return piece;
      }
    }
    return null;
  }

  private Piece begin() {
    long first = next;
    long there = left.getOrDefault(first, first);
    long end = Math.min(size, Math.max(there, first + ranges.piece()));
    Long following = left.higherKey(first);
    end = following == null ? end : Math.min(end, following);
    next = end;
    return new Piece(first, end, Math.min(there, end) - first);
  }

  /// How much of a piece is there.
  long came(Piece piece) {
    lock.lock();
    try {
      return piece.came;
    } finally {
      lock.unlock();
    }
  }

  /// Notes that bytes of a piece are in its file.
  ///
  /// @return false if nobody wants more
  boolean arrived(Piece piece, int bytes) {
    lock.lock();
    try {
      piece.came += bytes;
      arrived += bytes;
      changed.signalAll();
      return !over;
    } finally {
      lock.unlock();
    }
  }

  /// Leaves a piece to another connection, since the server wants fewer; this one is not counted
  /// any more.
  ///
  /// @return false if there is no other
  boolean leave(Piece piece) {
    lock.lock();
    try {
      if (running == 1) {
        return false;
      }
      piece.taken = false;
      running--;
      wanted = running;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Ends the window: what is there without a gap may still be read.
  void end(@Nullable IOException why) {
    lock.lock();
    try {
      if (!over) {
        over = true;
        failure = why;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Why it was ended.
  @Nullable IOException failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  /// How many bytes connections brought.
  long arrived() {
    lock.lock();
    try {
      return arrived;
    } finally {
      lock.unlock();
    }
  }

  /// The piece that has a byte, once that byte is there; pieces before it are dropped.
  ///
  /// @return null if it is not there and will not come
  @Nullable Piece await(long position) throws IOException {
    lock.lock();
    try {
      while (true) {
        Piece first = pieces.peekFirst();
        while (first != null && first.end <= position) {
          pieces.removeFirst();
          Files.deleteIfExists(folder.file(first.first));
          changed.signalAll();
          first = pieces.peekFirst();
        }
        if (first != null && first.first + first.came > position) {
          return first;
        }
        if (over) {
          return null;
        }
        changed.await();
      }
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      lock.unlock();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while waiting for a registry");
  }
}
