package io.djong.daemon;

import io.djong.model.Exempt;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// `djong daemon`: serves in the foreground until it is told to end. The exit code is 0 then, 1 if
/// it cannot serve, 125 if the command line makes no sense.
@Exempt(from = Exempt.Rule.PLATFORM_THREADS, because = "a shutdown hook must be a platform thread")
@Exempt(
    from = Exempt.Rule.STANDARD_STREAMS,
    because = "help and refused arguments come before there is a log")
public final class Main {
  private static final Logger LOG = System.getLogger("io.djong.daemon");

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    int status = run(List.of(arguments), System.out, System.err, Wiring::open);
    if (status != 0) {
      System.exit(status);
    }
  }

  /// Serves until the process is told to end; returns early only if it cannot.
  static int run(
      List<String> arguments, PrintStream out, PrintStream err, Daemon.EngineOpener opener)
      throws InterruptedException {
    Settings settings;
    try {
      if (arguments.contains("--help") || arguments.contains("-h")) {
        out.print(SettingsReader.USAGE);
        return 0;
      }
      settings = SettingsReader.read(arguments);
      settings.listens();
    } catch (Fault | IOException e) {
      err.println("djong daemon: " + e.getMessage() + "\nSee 'djong daemon --help'.");
      return 125;
    }
    Log log = Log.begin(err, settings.logLevel());
    Daemon daemon;
    try {
      daemon = Daemon.start(settings, opener);
    } catch (Fault | IOException e) {
      LOG.log(Level.ERROR, "cannot serve", e);
      return 1;
    }
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("end").unstarted(() -> end(daemon, log)));
    new CountDownLatch(1).await();
    return 0;
  }

  private static void end(Daemon daemon, Log log) {
    int status = 0;
    try {
      daemon.close();
      log.atTheEnd(java.util.logging.Level.INFO, "ended; containers run on", null);
    } catch (IOException e) {
      log.atTheEnd(java.util.logging.Level.SEVERE, "ending", e);
      status = 1;
    }
    // Without this the JVM's status would be that of the signal, as if it had not ended well.
    Runtime.getRuntime().halt(status);
  }
}
