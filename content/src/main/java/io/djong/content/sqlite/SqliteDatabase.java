package io.djong.content.sqlite;

import io.djong.model.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sqlite.jdbc4.JDBC4Connection;

/// The database's file: its settings, its schema and its health.
final class SqliteDatabase {
  /// Goes up with each change of the tables.
  static final int SCHEMA = 1;

  private SqliteDatabase() {}

  /// Opens the file to write, checked and with the schema of this version.
  static Connection open(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Connection connection = connect(file);
    try {
      check(connection, file);
      settle(connection, file);
      return connection;
    } catch (SQLException e) {
      close(connection);
      throw damaged(file, String.valueOf(e.getMessage()), e);
    } catch (IOException | Fault e) {
      close(connection);
      throw e;
    }
  }

  /// Opens one more connection. Goes around the driver manager, which would search the whole class
  /// path for drivers.
  static Connection connect(Path file) throws IOException {
    try {
      Connection connection =
          new JDBC4Connection("jdbc:sqlite:" + file, file.toString(), new Properties());
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = FULL");
      } catch (SQLException e) {
        close(connection);
        throw e;
      }
      return connection;
    } catch (SQLException e) {
      throw damaged(file, String.valueOf(e.getMessage()), e);
    }
  }

  static void close(Connection connection) throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException("closing the database: " + e.getMessage(), e);
    }
  }

  private static void check(Connection connection, Path file) throws SQLException, IOException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA quick_check(1)")) {
      String health = rows.next() ? rows.getString(1) : "no answer";
      if (!"ok".equals(health)) {
        throw damaged(file, health, null);
      }
    }
  }

  private static void settle(Connection connection, Path file) throws SQLException {
    int found;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA user_version")) {
      found = rows.getInt(1);
    }
    if (found > SCHEMA) {
      throw new Fault.Unsupported(
          file
              + " was written by a newer djong (schema "
              + found
              + ", this one knows "
              + SCHEMA
              + "): start the newer one, or choose another data root");
    }
    if (found == 0) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        statement.execute(
            "CREATE TABLE record (kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,"
                + " PRIMARY KEY (kind, key)) WITHOUT ROWID");
        statement.execute("PRAGMA user_version = " + SCHEMA);
        statement.execute("COMMIT");
      }
    }
  }

  private static IOException damaged(Path file, String why, @Nullable Throwable cause) {
    return new IOException(
        "cannot open the database "
            + file
            + ": "
            + why
            + "; if it is damaged, put a copy in its place",
        cause);
  }
}
