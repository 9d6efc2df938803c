package io.djong.content.sqlite;

import io.djong.content.RecordStore.Change;
import io.djong.model.Exempt;
import io.djong.model.Exempt.Rule;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The one writer of the database. It takes all writes that wait and puts them into one
/// transaction, so many callers share one sync of the disk.
@Exempt(
    from = Rule.PLATFORM_THREADS,
    because = "a thread that waits for the disk in native code holds the carrier of a virtual one")
final class GroupCommit implements AutoCloseable {
  private static final int MOST_AT_ONCE = 256;

  private record Write(List<Change> changes, CompletableFuture<Void> done) {}

  private static final Write STOP = new Write(List.of(), new CompletableFuture<>());

  private static final String PUT =
      "INSERT INTO record (kind, key, value) VALUES (?, ?, ?)"
          + " ON CONFLICT DO UPDATE SET value = excluded.value";
  private static final String DELETE = "DELETE FROM record WHERE kind = ? AND key = ?";
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

  private final Connection connection;
  private final Reserve reserve;
  private final Statement transaction;
  private PreparedStatement put;
  private PreparedStatement delete;
  private final LinkedBlockingQueue<Write> waiting = new LinkedBlockingQueue<>();
  private final Thread thread;
  private boolean closed;

  /// When the reserve was given up, or nobody could take it; of the writer's thread.
  private long withoutReserve;

  GroupCommit(Connection connection, Reserve reserve) throws IOException {
    this.connection = connection;
    this.reserve = reserve;
    try {
      // Not the driver's transactions: it does not notice that SQLite has ended one by itself, as
      // it
      // does when the disk is full.
      transaction = connection.createStatement();
      put = connection.prepareStatement(PUT);
      delete = connection.prepareStatement(DELETE);
    } catch (SQLException e) {
      throw new IOException("preparing to write records: " + e.getMessage(), e);
    }
    thread = Thread.ofPlatform().daemon().name("records").start(this::run);
  }

  /// Returns at once; the changes come after all that were asked for before.
  void writeLater(List<Change> changes) throws IOException {
    add(changes)
        .exceptionally(
            failure -> {
              System.getLogger(GroupCommit.class.getName())
                  .log(System.Logger.Level.WARNING, "records were not written", failure);
              return null;
            });
  }

  private CompletableFuture<Void> add(List<Change> changes) throws IOException {
    Write write = new Write(changes, new CompletableFuture<>());
    synchronized (this) {
      if (closed) {
        throw new IOException("the record store is closed");
      }
      waiting.add(write);
    }
    return write.done;
  }

  /// Returns when the changes are on the disk.
  void write(List<Change> changes) throws IOException {
    CompletableFuture<Void> done = add(changes);
    try {
      done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while records were being written");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      // The cause belongs to all writers of the transaction; each gets an exception of its own.
      if (e.getCause() instanceof SQLiteException full
          && full.getResultCode() == SQLiteErrorCode.SQLITE_FULL) {
        throw new IOException("writing records: no space left on device", full);
      }
      if (e.getCause() instanceof SQLException cause) {
        throw new IOException("writing records: " + cause.getMessage(), cause);
      }
      throw new IllegalStateException("writing records", e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (!closed) {
        closed = true;
        waiting.add(STOP);
      }
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the record store was being closed");
    }
    SqliteDatabase.close(connection);
  }

  private void run() {
    reserve.take();
    List<Write> group = new ArrayList<>();
    boolean stopping = false;
    while (!stopping) {
      group.clear();
      try {
        group.add(waiting.take());
      } catch (InterruptedException e) {
        // Nobody but close ends this thread, and it does so by the queue.
        continue;
      }
      waiting.drainTo(group, MOST_AT_ONCE);
      stopping = group.remove(STOP);
      commit(group);
    }
  }

  private void commit(List<Write> group) {
    try {
      try {
        applyAll(group);
      } catch (SQLiteException e) {
        if (e.getResultCode() != SQLiteErrorCode.SQLITE_FULL || !reserve.giveUp()) {
          throw e;
        }
        withoutReserve = System.nanoTime();
        rollBack(e);
        applyAll(group);
      }
      group.forEach(write -> write.done.complete(null));
      takeReserve();
    } catch (SQLException | RuntimeException e) {
      rollBack(e);
      group.forEach(write -> write.done.completeExceptionally(e));
    }
  }

  private void applyAll(List<Write> group) throws SQLException {
    transaction.execute("BEGIN IMMEDIATE");
    for (Write write : group) {
      for (Change change : write.changes) {
        apply(change);
      }
    }
    transaction.execute("COMMIT");
  }

  private void takeReserve() {
    if (withoutReserve != 0 && System.nanoTime() - withoutReserve > PAUSE) {
      reserve.take();
      withoutReserve = System.nanoTime();
    }
  }

  private void apply(Change change) throws SQLException {
    byte[] value = change.value();
    PreparedStatement statement = value == null ? delete : put;
    statement.setString(1, change.kind());
    statement.setString(2, change.key());
    if (value != null) {
      statement.setBytes(3, value);
    }
    statement.executeUpdate();
  }

  private void rollBack(Throwable cause) {
    try {
      transaction.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite has done it already.
      cause.addSuppressed(e);
    }
    try {
      // The driver does not run one again that has failed.
      put.close();
      delete.close();
      put = connection.prepareStatement(PUT);
      delete = connection.prepareStatement(DELETE);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
