package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// An open user namespace (user_namespaces(7)) with a mapping of ids. It lives as long as it is
/// open, a mount uses it, a process is in it, or a namespace of another kind belongs to it. Safe
/// for use by several threads.
public final class UserNamespace implements AutoCloseable {
  private final int descriptor;
  private final IdMapping mapping;

  private UserNamespace(int descriptor, IdMapping mapping) {
    this.descriptor = descriptor;
    this.mapping = mapping;
  }

  /// A new one; nobody is in it.
  ///
  /// @throws IOException in the words of who refuses: the machine may forbid user namespaces
  public static UserNamespace create(IdMapping mapping) throws IOException {
    // A process with several threads may not make one of itself: a short-lived one does it.
    try (Inhabitant inside = Inhabitant.start("unshare", "--user", "cat")) {
      Files.writeString(inside.file("uid_map"), IdMapping.text(mapping.users()));
      Files.writeString(inside.file("gid_map"), IdMapping.text(mapping.groups()));
      return open(inside.file("ns/user"), mapping);
    }
  }

  /// Opens that of a process, by a file of `/proc/PID/ns/user`.
  ///
  /// @param mapping which it has; not looked at
  public static UserNamespace open(Path file, IdMapping mapping) throws IOException {
    try (Frame frame = new Frame()) {
      return new UserNamespace(
          Descriptors.openAnywhere(frame, file.toString(), Descriptors.O_RDONLY), mapping);
    }
  }

  /// Which ids of the host its processes have.
  public IdMapping mapping() {
    return mapping;
  }

  /// The path for other processes of the same user, as long as this one lives and this is open.
  public Path pathForOthers() {
    return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor);
  }

  int descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    Descriptors.close(descriptor);
  }

  /// A short-lived process that has entered or made namespaces.
  record Inhabitant(Process process) implements AutoCloseable {
    /// @param command ends in `cat`
    static Inhabitant start(String... command) throws IOException {
      Inhabitant inside = new Inhabitant(new ProcessBuilder(command).start());
      boolean there = false;
      try {
        // Once something comes back, the program that writes it is where it should be.
        inside.process.getOutputStream().write('\n');
        inside.process.getOutputStream().flush();
        there = inside.process.getInputStream().read() >= 0;
      } catch (IOException e) {
        // Told below, in the program's words.
      } finally {
        if (!there) {
          inside.process.destroyForcibly();
        }
      }
      if (!there) {
        byte[] words = inside.process.getErrorStream().readAllBytes();
        inside.close();
        throw new IOException(
            "make a namespace: " + new String(words, StandardCharsets.UTF_8).strip());
      }
      return inside;
    }

    Path file(String name) {
      return Path.of("/proc", Long.toString(process.pid())).resolve(name);
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
      process.getOutputStream().close();
      process.getInputStream().close();
      process.getErrorStream().close();
    }
  }
}
