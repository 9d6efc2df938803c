package io.djong.verify.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A daemon of its own, started by the launcher as users start it, on roots and a socket below one
/// folder.
final class LiveDaemon implements AutoCloseable {
  /// The root of the repository.
  static final Path REPOSITORY =
      java.util.Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

  private final Path folder;
  private final List<String> more;
  private @Nullable Process process;

  private LiveDaemon(Path folder, List<String> more) {
    this.folder = folder;
    this.more = more;
  }

  /// A daemon that answers. The folder is on a short path: socket paths are short.
  static LiveDaemon start(String... more) throws IOException, InterruptedException {
    return startUnder(List.of(), more);
  }

  /// @param before a command that becomes the one which follows it, such as `env A=B`
  static LiveDaemon startUnder(List<String> before, String... more)
      throws IOException, InterruptedException {
    LiveDaemon daemon =
        new LiveDaemon(Files.createTempDirectory(Path.of("/tmp"), "djong-verify-"), List.of(more));
    try {
      daemon.launchUnder(before);
    } catch (IOException | InterruptedException | AssertionError e) {
      daemon.kill();
      throw e;
    }
    return daemon;
  }

  /// A started daemon with the image `busybox:latest`.
  static LiveDaemon withBusybox(String... more) throws IOException, InterruptedException {
    return start(more).bringBusybox();
  }

  LiveDaemon bringBusybox() throws IOException, InterruptedException {
    djong("image", "bootstrap", "busybox").ok();
    return this;
  }

  String host() {
    return "unix://" + folder.resolve("d.sock");
  }

  Path dataRoot() {
    return folder.resolve("data");
  }

  Path folder() {
    return folder;
  }

  Path execRoot() {
    return folder.resolve("exec");
  }

  /// All that the daemons of this folder wrote.
  String log() throws IOException {
    return Files.readString(folder.resolve("daemon.log"));
  }

  long pid() {
    return running().pid();
  }

  /// Starts the program; returns when it answers.
  void launch() throws IOException, InterruptedException {
    launchUnder(List.of());
  }

  void launchUnder(List<String> before) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            REPOSITORY.resolve("djong").toString(),
            "daemon",
            "--data-root",
            dataRoot().toString(),
            "--exec-root",
            folder.resolve("exec").toString(),
            "--host",
            host()));
    command.addAll(more);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("daemon.log").toFile()));
    process = builder.start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (docker("version").code() != 0) {
      if (!running().isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError(
            "the daemon does not answer: " + Files.readString(folder.resolve("daemon.log")));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /// SIGKILL.
  void kill() throws InterruptedException {
    running().destroyForcibly().waitFor();
  }

  /// SIGTERM; returns the exit code.
  int terminate() throws InterruptedException {
    running().destroy();
    return running().waitFor();
  }

  /// The stock docker command line.
  Program.Result docker(String... arguments) throws IOException, InterruptedException {
    return dockerWithInput(null, arguments);
  }

  Program.Result dockerWithInput(@Nullable String input, String... arguments)
      throws IOException, InterruptedException {
    return Program.run(dockerCommand(arguments), Map.of(), input);
  }

  List<String> dockerCommand(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker", "--host", host()));
    command.addAll(List.of(arguments));
    return command;
  }

  /// Our own command line.
  Program.Result djong(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(REPOSITORY.resolve("djong").toString(), "--host", host()));
    command.addAll(List.of(arguments));
    return Program.run(command, Map.of(), null);
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("never launched");
    }
    return process;
  }

  /// Removes all containers, ends the daemon, removes the folder.
  @Override
  public void close() throws IOException {
    try {
      List<String> ids = docker("ps", "-aq").lines();
      if (!ids.isEmpty()) {
        List<String> remove = new ArrayList<>(List.of("rm", "-f", "-v"));
        remove.addAll(ids);
        docker(remove.toArray(String[]::new));
      }
      terminate();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ending the daemon", e);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
