package io.djong.verify.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `djong registry serve` as users start it, on a free port of this machine.
final class DjongRegistry implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("READY on \\[Tcp\\[address=/(\\S+)\\]\\]");

  private final Process process;
  private final String host;

  private DjongRegistry(Process process, String host) {
    this.process = process;
    this.host = host;
  }

  /// One that serves.
  ///
  /// @param folder for its log and its root, where another may have served before
  static DjongRegistry start(Path folder) throws IOException {
    Path log = folder.resolve("registry.log");
    Files.deleteIfExists(log);
    Process process =
        new ProcessBuilder(
                LiveDaemon.REPOSITORY.resolve("djong").toString(),
                "registry",
                "serve",
                "--root",
                folder.resolve("root").toString(),
                "--listen",
                "127.0.0.1:0")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (true) {
      Matcher ready = READY.matcher(Files.exists(log) ? Files.readString(log) : "");
      if (ready.find()) {
        return new DjongRegistry(process, ready.group(1));
      }
      if (!process.isAlive() || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new AssertionError("the registry does not serve: " + Files.readString(log));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /// Its address and port.
  String host() {
    return host;
  }

  /// SIGKILL.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// SIGTERM; returns the exit code.
  int terminate() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  @Override
  public void close() throws IOException {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ending the registry", e);
    }
  }
}
