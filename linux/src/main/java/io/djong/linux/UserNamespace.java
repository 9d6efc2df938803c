package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// An open user namespace (user_namespaces(7)) with a mapping of ids. Nobody is in it; it lives as
/// long as it is open or a mount uses it.
final class UserNamespace implements AutoCloseable {
  private final int descriptor;

  private UserNamespace(int descriptor) {
    this.descriptor = descriptor;
  }

  /// A process with several threads may not make one of itself: a short-lived one does it.
  static UserNamespace create(IdMapping mapping) throws IOException {
    Process inside = new ProcessBuilder("unshare", "--user", "cat").start();
    try (OutputStream input = inside.getOutputStream();
        InputStream output = inside.getInputStream()) {
      // Once something comes back, the program that writes it is in the namespace.
      input.write('\n');
      input.flush();
      if (output.read() < 0) {
        String words =
            new String(inside.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        throw new IOException("make a user namespace: " + words);
      }
      Path process = Path.of("/proc", Long.toString(inside.pid()));
      Files.writeString(process.resolve("uid_map"), IdMapping.text(mapping.users()));
      Files.writeString(process.resolve("gid_map"), IdMapping.text(mapping.groups()));
      try (Frame frame = new Frame()) {
        return new UserNamespace(
            Descriptors.openAnywhere(frame, process + "/ns/user", Descriptors.O_RDONLY));
      }
    } finally {
      inside.destroyForcibly();
    }
  }

  int descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    Descriptors.close(descriptor);
  }
}
