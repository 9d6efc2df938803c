package io.djong.http.netty;

import io.djong.http.Listen;
import io.djong.model.Fault;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/// A unix socket's file. It is bound in a folder that nobody else can enter, gets its mode there
/// and then its name in one step, so it is never more open than asked for, and a stale one is
/// replaced without a moment of none.
final class SocketFile implements AutoCloseable {
  private final Listen.Unix where;
  private final Path folder;
  private @Nullable Object key;

  private SocketFile(Listen.Unix where, Path folder) {
    this.where = where;
    this.folder = folder;
  }

  /// Prepares to bind.
  ///
  /// @throws Fault.Conflict if a server answers there, or something else has the name
  static SocketFile prepare(Listen.Unix where) throws IOException {
    Path parent = where.path().toAbsolutePath().getParent();
    if (parent == null) {
      throw new Fault.Invalid("a socket cannot be made at " + where.path());
    }
    Files.createDirectories(parent);
    refuseTaken(where.path());
    Path folder =
        Files.createTempDirectory(
            parent,
            ".",
            PosixFilePermissions.asFileAttribute(
                EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE)));
    return new SocketFile(where, folder);
  }

  /// Where to bind.
  Path bindAt() {
    return folder.resolve("s");
  }

  /// Gives the bound and listening socket its mode and its name.
  void publish() throws IOException {
    Files.setAttribute(bindAt(), "unix:mode", where.mode());
    key = Files.getAttribute(bindAt(), "unix:ino", LinkOption.NOFOLLOW_LINKS);
    Files.move(bindAt(), where.path(), StandardCopyOption.ATOMIC_MOVE);
    Files.delete(folder);
  }

  /// Removes the file if it is still the one that was published, and what is left of a failed bind.
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(bindAt());
    Files.deleteIfExists(folder);
    if (key != null
        && Files.exists(where.path(), LinkOption.NOFOLLOW_LINKS)
        && key.equals(Files.getAttribute(where.path(), "unix:ino", LinkOption.NOFOLLOW_LINKS))) {
      Files.delete(where.path());
    }
  }

  private static void refuseTaken(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int type = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0170000;
    if (type != 0140000) {
      throw new Fault.Conflict(path + " is there and is not a socket: remove it or choose another");
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
      throw new Fault.Conflict("another server answers at " + path + ": stop it or choose another");
    } catch (ConnectException stale) {
      // Nobody answers: publishing replaces it.
    }
  }
}
