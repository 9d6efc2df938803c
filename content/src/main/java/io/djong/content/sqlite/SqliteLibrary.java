package io.djong.content.sqlite;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.sqlite.JDBC;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.OSInfo;

/// The native library of SQLite. The driver would unpack it from its jar into a temporary folder at
/// every start, which takes longer (250 ms) than all the rest of opening a database; here it is
/// unpacked once for each version of the driver.
final class SqliteLibrary {
  private static final String PATH = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";

  private SqliteLibrary() {}

  /// Sees to it that the driver finds its library in this folder. A JVM loads the library once, so
  /// the first caller's folder is taken.
  static synchronized void provide(Path folder) throws IOException {
    if (System.getProperty(PATH) != null) {
      return;
    }
    String platform = OSInfo.getNativeLibFolderPathForCurrentOS();
    Path file =
        folder.resolve(
            "libsqlitejdbc-"
                + SQLiteJDBCLoader.getVersion()
                + "-"
                + platform.replace('/', '-')
                + ".so");
    if (!Files.exists(file)) {
      unpack("/org/sqlite/native/" + platform + "/libsqlitejdbc.so", file);
    }
    System.setProperty(PATH, folder.toAbsolutePath().toString());
    System.setProperty(NAME, String.valueOf(file.getFileName()));
  }

  private static void unpack(String resource, Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().resolveSibling("."));
    Path unfinished = Files.createTempFile(file.toAbsolutePath().getParent(), "unpack", ".tmp");
    try (InputStream in = JDBC.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(
            "the SQLite driver has no library for this machine: " + resource);
      }
      Files.copy(in, unfinished, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }
}
