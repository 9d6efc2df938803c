package io.djong.daemon;

import io.djong.daemon.place.Sync;
import io.djong.model.Exempt;
import io.djong.model.Fault;
import io.djong.registry.s3.S3Storage;
import io.djong.registry.server.BucketSettings;
import io.djong.registry.server.FolderStorage;
import io.djong.registry.server.RegistryServer;
import io.djong.registry.server.RegistryStorage;
import io.djong.registry.server.Scrub;
import io.djong.registry.server.ServerSettings;
import io.djong.registry.server.ServerSettingsReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// `djong registry serve`, in the foreground until it is told to end, and `djong registry scrub`.
/// The exit code is 0, 1 if it cannot serve or found damage, 125 if the command line makes no
/// sense.
@Exempt(from = Exempt.Rule.PLATFORM_THREADS, because = "a shutdown hook must be a platform thread")
@Exempt(
    from = Exempt.Rule.STANDARD_STREAMS,
    because = "help, refused arguments and findings are for whoever typed the command")
public final class RegistryMain {
  private static final Logger LOG = System.getLogger("io.djong.daemon");

  private RegistryMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    int status = run(List.of(arguments), System.out, System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err)
      throws InterruptedException {
    if (arguments.isEmpty() || arguments.contains("--help") || arguments.contains("-h")) {
      out.print(ServerSettingsReader.USAGE);
      return arguments.isEmpty() ? 125 : 0;
    }
    String verb = arguments.getFirst();
    if (verb.equals("sync")) {
      return sync(arguments.subList(1, arguments.size()), out, err);
    }
    ServerSettings settings;
    try {
      if (!verb.equals("serve") && !verb.equals("scrub")) {
        throw new Fault.Invalid("unknown command \"" + verb + "\"");
      }
      settings = ServerSettingsReader.read(arguments.subList(1, arguments.size()));
    } catch (Fault | IOException e) {
      err.println("djong registry: " + e.getMessage() + "\nSee 'djong registry --help'.");
      return 125;
    }
    Log log = Log.begin(err, Level.INFO);
    try {
      FolderLock lock = FolderLock.take(settings.root(), "--root");
      RegistryStorage storage = storage(settings);
      if (verb.equals("scrub")) {
        try (lock;
            storage) {
          return scrub(storage, out);
        }
      }
      RegistryServer server = RegistryServer.start(settings, storage);
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("end").unstarted(() -> end(server, log)));
    } catch (Fault | IOException e) {
      LOG.log(Level.ERROR, "cannot serve", e);
      return 1;
    }
    new CountDownLatch(1).await();
    return 0;
  }

  private static int sync(List<String> arguments, PrintStream out, PrintStream err)
      throws InterruptedException {
    Log.begin(err, Level.WARNING);
    try {
      return Sync.run(arguments, out, err);
    } catch (Fault | IOException e) {
      err.println("djong registry sync: " + e.getMessage());
      return 1;
    }
  }

  private static RegistryStorage storage(ServerSettings settings) throws IOException {
    BucketSettings bucket = settings.bucket();
    return bucket == null
        ? FolderStorage.open(settings.root(), RegistryServer.KEEP_UPLOADS)
        : S3Storage.open(bucket, settings.root().resolve("spool"));
  }

  private static int scrub(RegistryStorage storage, PrintStream out) throws IOException {
    Scrub.Findings findings = new Scrub(storage).run();
    findings.damage().forEach(out::println);
    out.println(
        findings.blobs()
            + " blobs of "
            + findings.bytes()
            + " bytes read, "
            + findings.damage().size()
            + " findings");
    return findings.damage().isEmpty() ? 0 : 1;
  }

  private static void end(RegistryServer server, Log log) {
    server.close();
    log.atTheEnd(java.util.logging.Level.INFO, "the registry ended", null);
    // Without this the JVM's status would be that of the signal, as if it had not ended well.
    Runtime.getRuntime().halt(0);
  }
}
