package io.djong.verify.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives the tests with hostile images one daemon.
final class GuardedDaemon implements ParameterResolver {
  /// A password in the daemon's environment that nobody is to hear.
  static final String PASSWORD = "canary-of-the-environment";

  /// @param runtime a copy of the machine's, since a container may try to write to it
  record Guarded(LiveDaemon daemon, Path runtime) implements AutoCloseable {
    static Guarded start() throws IOException, InterruptedException {
      Path folder = Files.createTempDirectory(Path.of("/tmp"), "djong-guard-");
      Path runtime = Files.copy(Path.of("/usr/bin/crun"), folder.resolve("crun"));
      LiveDaemon daemon =
          LiveDaemon.startUnder(
              List.of(
                  "env",
                  "SECRET_OF_THE_DAEMON=" + PASSWORD,
                  "HTTP_PROXY=http://ann:" + PASSWORD + "@127.0.0.1:9",
                  "NO_PROXY=*"),
              "--runtime",
              runtime.toString());
      return new Guarded(daemon.bringBusybox(), runtime);
    }

    @Override
    public void close() throws IOException {
      daemon.close();
      Files.delete(runtime);
      Files.delete(java.util.Objects.requireNonNull(runtime.getParent()));
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Guarded.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(GuardedDaemon.class))
        .computeIfAbsent(
            Guarded.class,
            type -> {
              try {
                return Guarded.start();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while starting the daemon", e);
              }
            },
            Guarded.class);
  }
}
