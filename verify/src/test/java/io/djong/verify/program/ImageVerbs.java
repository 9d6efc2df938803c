package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// What brings images to a daemon and takes them away, to be interrupted. For one thread.
final class ImageVerbs {
  private static final int LAYERS = 3;

  /// What is interrupted.
  enum Verb {
    LOAD,
    COMMIT,
    REMOVE,
    PULL
  }

  private static final List<Verb> TURNS = List.of(Verb.values());

  /// They take turns.
  static Verb turn(int round) {
    return TURNS.get(round % TURNS.size());
  }

  private final LiveDaemon daemon;
  private final String remote;
  private final Path archive;

  /// How long each takes when nothing comes between.
  private final Map<Verb, Long> usual = new EnumMap<>(Verb.class);

  private final Map<Verb, int[]> done = new EnumMap<>(Verb.class);

  private ImageVerbs(LiveDaemon daemon, String remote, Path archive) {
    this.daemon = daemon;
    this.remote = remote;
    this.archive = archive;
  }

  /// Puts an image of a few layers into an archive and a registry, and makes a container that
  /// changed something. Each verb was done once.
  static ImageVerbs prepare(LiveDaemon daemon, DjongRegistry registry, Path folder)
      throws Exception {
    String remote = registry.host() + "/cargo:2";
    ImageVerbs verbs = new ImageVerbs(daemon, remote, cargo(daemon, folder, remote));
    daemon
        .docker(
            "run",
            "--network",
            "none",
            "--name",
            "writer",
            "busybox",
            "sh",
            "-c",
            "head -c 9000000 /dev/urandom >/new; sync")
        .ok();
    for (Verb verb : Verb.values()) {
      Process work = verbs.begin(verb);
      long began = System.nanoTime();
      boolean well = work.waitFor() == 0;
      verbs.usual.put(verb, System.nanoTime() - began);
      assertThat(well).as(verb.toString()).isTrue();
      verbs.check(verb, "undisturbed", true);
    }
    verbs.done.clear();
    return verbs;
  }

  private static Path cargo(LiveDaemon daemon, Path folder, String remote) throws Exception {
    String from = "busybox";
    for (int i = 0; i < LAYERS; i++) {
      String fill =
          "mkdir /cargo%d; head -c 6000000 /dev/urandom >/cargo%d/a; cat /bin/busybox >/cargo%d/b"
              .formatted(i, i, i);
      daemon.docker("run", "--network", "none", "--name", "maker", from, "sh", "-c", fill).ok();
      from = "cargo:" + i;
      daemon.docker("commit", "maker", from).ok();
      daemon.docker("rm", "maker").ok();
    }
    Path archive = folder.resolve("cargo.tar");
    daemon.docker("save", "-o", archive.toString(), from).ok();
    daemon.docker("tag", from, remote).ok();
    daemon.docker("push", "-q", remote).ok();
    daemon.docker("rmi", remote).ok();
    for (int i = LAYERS - 1; i >= 0; i--) {
      daemon.docker("rmi", "cargo:" + i).ok();
    }
    return archive;
  }

  /// Begins one.
  Process begin(Verb verb) throws Exception {
    List<String> command =
        switch (verb) {
          case LOAD -> daemon.dockerCommand("load", "-i", archive.toString());
          case COMMIT -> daemon.dockerCommand("commit", "writer", "new:1");
          case REMOVE -> {
            daemon.docker("load", "-i", archive.toString()).ok();
            yield daemon.dockerCommand("rmi", "cargo:2");
          }
          case PULL -> daemon.dockerCommand("pull", remote);
        };
    return Program.start(command, Map.of(), null);
  }

  /// A moment of one, in nanoseconds after it began; a few lie behind its end.
  long moment(Verb verb, Random random) {
    return random.nextLong(usual.getOrDefault(verb, 0L) * 5 / 4);
  }

  /// Looks at the store after one was interrupted, and takes away what it brought.
  void check(Verb verb, String when, boolean acknowledged) throws Exception {
    String subject = when + ", " + verb;
    Program.Result proof = daemon.djong("system", "fsck");
    assertThat(proof.out()).as("%s: %s", subject, proof.err()).contains("all is well");
    assertThat(proof.code()).as(subject).isZero();
    String image =
        switch (verb) {
          case LOAD, REMOVE -> "cargo:2";
          case COMMIT -> "new:1";
          case PULL -> remote;
        };
    boolean isThere = daemon.docker("image", "inspect", image).code() == 0;
    int[] counts = done.computeIfAbsent(verb, _ -> new int[3]);
    counts[0]++;
    counts[1] += acknowledged ? 1 : 0;
    counts[2] += isThere ? 1 : 0;
    if (acknowledged) {
      assertThat(isThere).as(subject).isEqualTo(verb != Verb.REMOVE);
    }
    if (isThere) {
      String file = verb == Verb.COMMIT ? "/new" : "/cargo2/a";
      Program.Result run =
          daemon.docker("run", "--rm", "--network", "none", image, "wc", "-c", file).ok();
      assertThat(run.line()).as(subject).startsWith(verb == Verb.COMMIT ? "9000000" : "6000000");
      daemon.docker("rmi", image).ok();
    }
  }

  /// What was done, a line for each verb.
  List<String> report() {
    List<String> lines = new ArrayList<>();
    done.forEach(
        (verb, counts) ->
            lines.add(
                "%s: interrupted %d times, %d times after it was acknowledged; the image was there %d times"
                    .formatted(
                        verb.toString().toLowerCase(Locale.ROOT),
                        counts[0],
                        counts[1],
                        counts[2])));
    return lines;
  }
}
