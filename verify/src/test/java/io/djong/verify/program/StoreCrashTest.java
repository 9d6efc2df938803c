package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

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

/// The store is never wrong: whenever the daemon is killed, or the power goes, while images come
/// and go, what is there afterwards is whole, and what was acknowledged is there. More rounds with
/// `-Ddjong.kills=200 -Ddjong.cuts=200`.
class StoreCrashTest {
  private static final int KILLS = Integer.getInteger("djong.kills", 20);
  private static final int CUTS = Integer.getInteger("djong.cuts", 8);

  /// Flag 2 of `EXT4_IOC_SHUTDOWN`: what was not flushed is lost, the journal included.
  private static final String CUT =
      "import fcntl,os,struct,sys\n"
          + "fcntl.ioctl(os.open(sys.argv[1],os.O_RDONLY),0x8004587D,struct.pack('I',2))";

  private final Random random = new Random(20261125);

  @Test
  void killingTheDaemonWhileImagesComeAndGoLeavesASoundStore() throws Exception {
    try (LiveDaemon daemon = LiveDaemon.withBusybox()) {
      Path archive = cargo(daemon, daemon.folder());
      daemon.docker("run", "-d", "--name", "writer", "busybox", "sleep", "10000").ok();
      daemon.docker("exec", "writer", "sh", "-c", "head -c 9000000 /dev/urandom >/new; sync").ok();
      for (int round = 0; round < KILLS; round++) {
        Process work = begin(daemon, round, archive);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(400)));
        daemon.kill();
        boolean acknowledged = work.waitFor() == 0;
        daemon.launch();
        check(daemon, round, acknowledged);
      }
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
    try {
      Path archive = cargo(daemon, folder);
      for (int round = 0; round < CUTS; round++) {
        Process work = begin(daemon, 3 * round + (round % 2) * 2, archive);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(1500)));
        boolean acknowledged = work.waitFor(0, TimeUnit.SECONDS) && work.exitValue() == 0;
        run("python3", "-c", CUT, data.toString());
        daemon.kill();
        work.waitFor();
        unmountBelow(daemon.folder());
        unmountBelow(data);
        mount(disk, data);
        daemon.launch();
        check(daemon, 3 * round + (round % 2) * 2, acknowledged);
      }
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

  /// An image of a few layers in an archive.
  private static Path cargo(LiveDaemon daemon, Path folder) throws Exception {
    String from = "busybox";
    for (int i = 0; i < 3; i++) {
      daemon
          .docker(
              "run",
              "--network",
              "none",
              "--name",
              "maker",
              from,
              "sh",
              "-c",
              "mkdir /cargo"
                  + i
                  + "; head -c 6000000 /dev/urandom >/cargo"
                  + i
                  + "/a; cat /bin/busybox >/cargo"
                  + i
                  + "/b")
          .ok();
      from = "cargo:" + i;
      daemon.docker("commit", "maker", from).ok();
      daemon.docker("rm", "maker").ok();
    }
    Path archive = folder.resolve("cargo.tar");
    daemon.docker("save", "-o", archive.toString(), "cargo:2").ok();
    for (int i = 2; i >= 0; i--) {
      daemon.docker("rmi", "cargo:" + i).ok();
    }
    return archive;
  }

  private static Process begin(LiveDaemon daemon, int round, Path archive) throws Exception {
    List<String> command =
        switch (round % 3) {
          case 0 -> daemon.dockerCommand("load", "-i", archive.toString());
          case 1 -> daemon.dockerCommand("commit", "writer", "new:1");
          default -> {
            daemon.docker("load", "-i", archive.toString()).ok();
            yield daemon.dockerCommand("rmi", "cargo:2");
          }
        };
    return Program.start(command, Map.of(), null);
  }

  private static void check(LiveDaemon daemon, int round, boolean acknowledged) throws Exception {
    Program.Result proof = daemon.djong("system", "fsck");
    assertThat(proof.out()).as("round %d: %s", round, proof.err()).contains("all is well");
    assertThat(proof.code()).isZero();
    String image = round % 3 == 1 ? "new:1" : "cargo:2";
    boolean isThere = daemon.docker("image", "inspect", image).code() == 0;
    if (acknowledged) {
      assertThat(isThere).as("round %d", round).isEqualTo(round % 3 != 2);
    }
    if (isThere) {
      String file = round % 3 == 1 ? "/new" : "/cargo2/a";
      daemon.docker("run", "--rm", "--network", "none", image, "cat", file).ok();
      daemon.docker("rmi", image).ok();
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
