package io.djong.verify.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The store is never wrong: whenever the daemon is killed, or the power goes, while images come
/// and go, what is there afterwards is whole, and what was acknowledged is there. `./test --break`
/// runs more rounds, by `-Ddjong.kills=200 -Ddjong.cuts=100`; what was done stands in
/// `target/store-crash-*.txt`.
@Timeout(value = 3, unit = TimeUnit.HOURS)
class StoreCrashTest {
  private static final int KILLS = Integer.getInteger("djong.kills", 20);
  private static final int CUTS = Integer.getInteger("djong.cuts", 8);
  private static final long SEED = Long.getLong("djong.crash.seed", 20261125);

  /// Flag 2 of `EXT4_IOC_SHUTDOWN`: what was not flushed is lost, the journal included.
  private static final String CUT =
      "import fcntl,os,struct,sys\n"
          + "fcntl.ioctl(os.open(sys.argv[1],os.O_RDONLY),0x8004587D,struct.pack('I',2))";

  private final Random random = new Random(SEED);

  @Test
  void killingTheDaemonWhileImagesComeAndGoLeavesASoundStore() throws Exception {
    try (LiveDaemon daemon = LiveDaemon.withBusybox();
        DjongRegistry registry = DjongRegistry.start(daemon.folder())) {
      ImageVerbs verbs = ImageVerbs.prepare(daemon, registry, daemon.folder());
      for (int round = 0; round < KILLS; round++) {
        ImageVerbs.Verb verb = ImageVerbs.turn(round);
        Process work = verbs.begin(verb);
        LockSupport.parkNanos(verbs.moment(verb, random));
        daemon.kill();
        boolean acknowledged = work.waitFor() == 0;
        daemon.launch();
        verbs.check(verb, "kill " + round, acknowledged);
      }
      Files.write(Path.of("target/store-crash-kills.txt"), verbs.report());
    }
  }

  @Test
  void aPowerCutWhileImagesComeAndGoLeavesASoundStore() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("/tmp"), "djong-cut-");
    Path disk = folder.resolve("disk");
    Path data = Files.createDirectory(folder.resolve("data"));
    run("truncate", "-s", "700M", disk.toString());
    run("mkfs.ext4", "-q", disk.toString());
    mount(disk, data);
    LiveDaemon daemon = LiveDaemon.withBusybox("--data-root", data.resolve("djong").toString());
    try (DjongRegistry registry = DjongRegistry.start(folder)) {
      ImageVerbs verbs = ImageVerbs.prepare(daemon, registry, folder);
      for (int round = 0; round < CUTS; round++) {
        ImageVerbs.Verb verb = ImageVerbs.turn(round);
        Process work = verbs.begin(verb);
        LockSupport.parkNanos(verbs.moment(verb, random));
        boolean acknowledged = work.waitFor(0, TimeUnit.SECONDS) && work.exitValue() == 0;
        run("python3", "-c", CUT, data.toString());
        daemon.kill();
        work.waitFor();
        unmountBelow(daemon.folder());
        unmountBelow(data);
        mount(disk, data);
        daemon.launch();
        verbs.check(verb, "power cut " + round, acknowledged);
      }
      Files.write(Path.of("target/store-crash-cuts.txt"), verbs.report());
    } finally {
      daemon.close();
      unmountBelow(data);
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static void mount(Path disk, Path place) throws Exception {
    run("mount", "-o", "loop,commit=1000", disk.toString(), place.toString());
  }

  private static void unmountBelow(Path folder) throws Exception {
    List<String> places =
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
            .map(line -> line.split(" ", -1)[4])
            .filter(place -> place.equals(folder.toString()) || place.startsWith(folder + "/"))
            .toList();
    for (String place : places.reversed()) {
      run("umount", place);
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Program.run(List.of(command), Map.of(), null).ok();
  }
}
