package io.djong.verify.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives all tests of a run the same daemon with busybox, whose containers are in a user namespace;
/// it ends with the run.
final class RemappedDaemon implements ParameterResolver {
  /// Where root of its containers is on the host.
  static final long BASE = 1_700_000_000;

  record Remapped(LiveDaemon daemon, SubordinateIdLines ids) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (ids) {
        daemon.close();
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Remapped.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(RemappedDaemon.class))
        .computeIfAbsent(
            Remapped.class,
            type -> {
              try {
                return start();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while starting the daemon", e);
              }
            },
            Remapped.class);
  }

  private static Remapped start() throws IOException, InterruptedException {
    SubordinateIdLines ids = SubordinateIdLines.add("djong-verify:" + BASE + ":65536");
    boolean started = false;
    try {
      LiveDaemon daemon = LiveDaemon.start("--userns-remap", "djong-verify");
      // runc walks to the trees as root of the namespace.
      Files.setPosixFilePermissions(daemon.folder(), PosixFilePermissions.fromString("rwx--x--x"));
      daemon.bringBusybox();
      started = true;
      return new Remapped(daemon, ids);
    } finally {
      if (!started) {
        ids.close();
      }
    }
  }
}
