package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `djong build` sends what the engine has not got, and what is built is what is in the folder all
/// the same. A `tar` of ours in its path writes down what is sent.
class SentFilesTest {
  private static final int BIG = 1 << 20;
  private static final int LITTLE = 64 << 10;

  @TempDir Path folder = Path.of("");
  private Path context = Path.of("");
  private Path sent = Path.of("");

  @BeforeEach
  void lay() throws Exception {
    context = Files.createDirectories(folder.resolve("context"));
    sent = folder.resolve("sent");
    Path programs = Files.createDirectories(folder.resolve("programs"));
    Path tar = programs.resolve("tar");
    Files.writeString(tar, "#!/bin/bash\n/usr/bin/tar \"$@\" | tee " + sent + "\n");
    Files.setPosixFilePermissions(tar, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.write(context.resolve("big"), bytes(1));
    Files.writeString(context.resolve("small"), "one\n");
    Files.createDirectories(context.resolve("d"));
    Files.createSymbolicLink(context.resolve("d/link"), Path.of("../small"));
    Files.createLink(context.resolve("d/same"), context.resolve("big"));
    Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nCOPY . /hold/\n");
  }

  private static byte[] bytes(long seed) {
    byte[] bytes = new byte[BIG];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private Program.Result build(LiveDaemon daemon, String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of("--host", daemon.host(), "build", "-t", "hold"));
    words.addAll(List.of(options));
    words.add(context.toString());
    String path = folder.resolve("programs") + ":" + System.getenv("PATH");
    String cache = folder.resolve("cache").toString();
    return Program.djong(
        Map.of("PATH", path, "XDG_CACHE_HOME", cache), words.toArray(String[]::new));
  }

  private long buildAndCount(LiveDaemon daemon, String... options) throws Exception {
    build(daemon, options).ok();
    return Files.size(sent);
  }

  private static String held(LiveDaemon daemon) throws Exception {
    return daemon
        .docker(
            "run", "--rm", "hold", "sh", "-c", "cd /hold; find . | sort | xargs ls -dl --full-time")
        .ok()
        .out();
  }

  private static String sums(LiveDaemon daemon) throws Exception {
    return daemon
        .docker(
            "run", "--rm", "hold", "sh", "-c", "cd /hold; find . -type f | sort | xargs sha256sum")
        .ok()
        .out();
  }

  private String sumsHere() throws Exception {
    return Program.run(
            List.of("bash", "-c", "find . -type f | LC_ALL=C sort | xargs sha256sum"),
            Map.of(),
            null,
            context)
        .ok()
        .out();
  }

  @Test
  void onlyWhatChangedIsSentAndTheImageIsAsIfAllHadBeen() throws Exception {
    try (LiveDaemon daemon = LiveDaemon.withBusybox()) {
      assertThat(buildAndCount(daemon)).isGreaterThan(BIG);
      String before = held(daemon);
      assertThat(sums(daemon)).isEqualTo(sumsHere());
      String id = daemon.docker("inspect", "-f", "{{.Id}}", "hold").ok().line();

      assertThat(buildAndCount(daemon)).isLessThan(LITTLE);
      assertThat(daemon.docker("inspect", "-f", "{{.Id}}", "hold").ok().line()).isEqualTo(id);
      assertThat(buildAndCount(daemon, "--no-cache")).isLessThan(LITTLE);
      assertThat(held(daemon)).isEqualTo(before);

      Files.writeString(context.resolve("small"), "two\n");
      Files.setPosixFilePermissions(
          context.resolve("big"), PosixFilePermissions.fromString("rwxr-x--x"));
      assertThat(buildAndCount(daemon)).isLessThan(LITTLE);
      assertThat(sums(daemon)).isEqualTo(sumsHere());
      assertThat(held(daemon)).contains("-rwxr-x--x").contains("d/link -> ../small");

      // The same size and time.
      var time = Files.getLastModifiedTime(context.resolve("big"));
      Files.write(context.resolve("big"), bytes(2));
      Files.setLastModifiedTime(context.resolve("big"), time);
      assertThat(buildAndCount(daemon)).isGreaterThan(BIG);
      assertThat(sums(daemon)).isEqualTo(sumsHere());
    }
  }

  @Test
  void moreFoldersAreSentInPartTooAndIgnoredFilesNotAtAll() throws Exception {
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.write(other.resolve("wood"), bytes(3));
    Files.write(context.resolve("ignored"), bytes(4));
    Files.writeString(context.resolve(".dockerignore"), "ignored\nDockerfile\n");
    Files.writeString(
        context.resolve("Dockerfile"), "FROM busybox\nCOPY --from=lib / /hold/lib/\nCOPY . /hold/");
    try (LiveDaemon daemon = LiveDaemon.withBusybox()) {
      String[] options = {"--build-context", "lib=" + other};
      assertThat(buildAndCount(daemon, options)).isBetween(2L * BIG, 3L * BIG);
      assertThat(buildAndCount(daemon, options)).isLessThan(LITTLE);
      Files.writeString(other.resolve("wood"), "oak");
      assertThat(buildAndCount(daemon, options)).isLessThan(LITTLE);
      assertThat(
              daemon
                  .docker("run", "--rm", "hold", "sh", "-c", "cat /hold/lib/wood; ls /hold")
                  .ok()
                  .lines())
          .containsExactly("oakbig", "d", "lib", "small");
    }
  }

  @Test
  void whatIsKeptOutlivesAKillIsProvenAndIsPruned() throws Exception {
    try (LiveDaemon daemon = LiveDaemon.withBusybox()) {
      buildAndCount(daemon);
      Path kept = daemon.dataRoot().resolve("build/contexts");
      Waiting.until("an index of what is kept", () -> names(kept).size() == 2);
      daemon.kill();
      daemon.launch();
      assertThat(buildAndCount(daemon, "--no-cache")).isLessThan(LITTLE);

      daemon.kill();
      Path pack =
          kept.resolve(names(kept).stream().filter(n -> n.endsWith("pack")).toList().get(0));
      byte[] damaged = Files.readAllBytes(pack);
      damaged[BIG / 2] ^= 1;
      Files.write(pack, damaged);
      daemon.launch();
      assertThat(build(daemon, "--no-cache"))
          .returns(1, Program.Result::code)
          .satisfies(result -> assertThat(result.err() + result.out()).contains("build once more"));
      assertThat(buildAndCount(daemon, "--no-cache")).isGreaterThan(BIG);
      assertThat(sums(daemon)).isEqualTo(sumsHere());

      assertThat(daemon.docker("builder", "prune", "-a", "-f").ok().out()).contains("Total");
      assertThat(names(kept)).isEmpty();
      assertThat(buildAndCount(daemon)).isGreaterThan(BIG);
    }
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> String.valueOf(path.getFileName())).toList();
    }
  }
}
