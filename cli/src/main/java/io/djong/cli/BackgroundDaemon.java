package io.djong.cli;

import io.djong.api.EngineClient;
import io.djong.cli.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Starts the daemon for a command that needs one.
final class BackgroundDaemon {
  private static final Path FOLDER = Path.of("/run/djong");
  private static final Path SOCKET_FOLDER = Path.of("/run");
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_MILLIS = 20;

  private BackgroundDaemon() {}

  /// Whether we are root and know our launcher.
  static boolean mayStart() {
    return System.getenv("DJONG_LAUNCHER") != null
        && "root".equals(System.getProperty("user.name"));
  }

  /// Starts it in a session of its own and waits until it answers.
  ///
  /// @throws IOException if it does not
  static void start(EngineClient client, Console console) throws IOException {
    String launcher = System.getenv("DJONG_LAUNCHER");
    if (launcher == null) {
      throw new IllegalStateException("no launcher");
    }
    Files.createDirectories(FOLDER);
    Path log = FOLDER.resolve("daemon.log");
    console.say("starting the djong daemon in the background; its log is " + log);
    // The watch comes first: the socket cannot appear unseen.
    try (WatchService watch = SOCKET_FOLDER.getFileSystem().newWatchService()) {
      SOCKET_FOLDER.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      Program.detached(log, List.of(launcher, "daemon"));
      await(client, watch, log);
    }
  }

  private static void await(EngineClient client, WatchService watch, Path log) throws IOException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        // A socket has its name a moment before it takes connections: look again soon.
        WatchKey key = watch.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (key != null) {
          key.reset();
        }
        client.ping();
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the daemon was starting", e);
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw new IOException("the djong daemon did not start; see " + log, e);
        }
      }
    }
  }
}
