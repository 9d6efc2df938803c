package io.djong.content.sqlite;

import io.djong.content.RecordStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps records in one SQLite database, in write-ahead mode and fully synced: a write that
/// returned survives a power cut. Writers that come together share one transaction and so one sync
/// of the disk; readers never wait for them. Safe for use by several threads; one process at a time
/// has the file. A disk without room is met with a few MiB that were kept for it, so that what
/// frees room can be recorded.
///
/// Keys are in the order of their UTF-8 bytes.
public final class SqliteRecords implements RecordStore {
  private final Connection reading;
  private final ReentrantLock readingLock = new ReentrantLock();
  private final GroupCommit writing;

  private SqliteRecords(Connection reading, GroupCommit writing) {
    this.reading = reading;
    this.writing = writing;
  }

  /// Opens the database, which is made if it is not there, and checks it.
  ///
  /// @param libraryFolder where SQLite's native library is unpacked once, to be found there by
  ///   later starts; only for this user, as it holds code
  /// @throws io.djong.model.Fault.Unsupported if a newer djong wrote it
  /// @throws IOException if it is damaged, or not a database
  public static SqliteRecords open(Path database, Path libraryFolder) throws IOException {
    SqliteLibrary.provide(libraryFolder);
    Connection writing = SqliteDatabase.open(database);
    try {
      return new SqliteRecords(
          SqliteDatabase.connect(database), new GroupCommit(writing, reserve(database)));
    } catch (IOException e) {
      SqliteDatabase.close(writing);
      throw e;
    }
  }

  private static Reserve reserve(Path database) {
    return new Reserve(database.resolveSibling(database.getFileName() + "-reserve"));
  }

  @Override
  public Map<String, byte[]> all(String kind) throws IOException {
    readingLock.lock();
    try (PreparedStatement query =
        reading.prepareStatement("SELECT key, value FROM record WHERE kind = ? ORDER BY key")) {
      query.setString(1, kind);
      Map<String, byte[]> all = new LinkedHashMap<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          all.put(rows.getString(1), rows.getBytes(2));
        }
      }
      return all;
    } catch (SQLException e) {
      throw new IOException("reading the records of " + kind + ": " + e.getMessage(), e);
    } finally {
      readingLock.unlock();
    }
  }

  @Override
  public byte @Nullable [] get(String kind, String key) throws IOException {
    readingLock.lock();
    try (PreparedStatement query =
        reading.prepareStatement("SELECT value FROM record WHERE kind = ? AND key = ?")) {
      query.setString(1, kind);
      query.setString(2, key);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? rows.getBytes(1) : null;
      }
    } catch (SQLException e) {
      throw new IOException("reading record " + kind + " " + key + ": " + e.getMessage(), e);
    } finally {
      readingLock.unlock();
    }
  }

  @Override
  public List<String> check() {
    readingLock.lock();
    try (Statement statement = reading.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA integrity_check(20)")) {
      List<String> problems = new ArrayList<>();
      while (rows.next()) {
        if (!rows.getString(1).equals("ok")) {
          problems.add(rows.getString(1));
        }
      }
      return problems;
    } catch (SQLException e) {
      return List.of(String.valueOf(e.getMessage()));
    } finally {
      readingLock.unlock();
    }
  }

  @Override
  public void write(List<Change> changes) throws IOException {
    writing.write(List.copyOf(changes));
  }

  @Override
  public void writeLater(List<Change> changes) throws IOException {
    writing.writeLater(List.copyOf(changes));
  }

  /// Waits for the writes that are under way. Later calls fail. Idempotent.
  @Override
  public void close() throws IOException {
    try {
      writing.close();
    } finally {
      readingLock.lock();
      try {
        SqliteDatabase.close(reading);
      } finally {
        readingLock.unlock();
      }
    }
  }
}
