package io.djong.runtime.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The host's `/dev/null`, which a process without stdin has for it. crun 1.8.1 gives the standard
/// streams to the user of the process, this device among them: then that user could take it from
/// everybody else on the machine.
final class HostNull {
  private static final Path NULL = Path.of("/dev/null");

  private HostNull() {}

  /// Makes the device root's again, and everybody's to read and write. To be called when the
  /// runtime has made a process, before that one is started where it waits.
  static void takeBack() throws IOException {
    if (!Files.getAttribute(NULL, "unix:uid").equals(0)) {
      Files.setAttribute(NULL, "unix:uid", 0);
      Files.setAttribute(NULL, "unix:gid", 0);
      Files.setPosixFilePermissions(NULL, PosixFilePermissions.fromString("rw-rw-rw-"));
    }
  }
}
