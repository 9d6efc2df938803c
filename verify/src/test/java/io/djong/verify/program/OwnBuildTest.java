package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Images built by our own command line, and builds that do not come to their end.
@ExtendWith(SharedDaemon.class)
class OwnBuildTest {
  private static final String CANARY = "canary-4f1d-do-not-keep";

  private final LiveDaemon daemon;
  @TempDir Path context = Path.of("");

  OwnBuildTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  private List<String> command(String dockerfile, String... options) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    List<String> command = new ArrayList<>(List.of("build"));
    command.addAll(List.of(options));
    command.add(context.toString());
    return command;
  }

  private Program.Result build(String dockerfile, String... options) throws Exception {
    return daemon.djong(command(dockerfile, options).toArray(String[]::new));
  }

  @Test
  void aSecretIsThereForItsStepAndNowhereAfterwards() throws Exception {
    Path secret = Files.writeString(Files.createTempFile("secret", ""), CANARY);
    Program.Result built =
        build(
            """
            FROM busybox
            ARG TOKEN
            RUN --mount=type=secret,id=pass wc -c < /run/secrets/pass > /length
            RUN --mount=type=secret,id=pass,env=PASS,required test -n "$PASS"
            RUN ! ls /run/secrets/pass 2> /dev/null
            """,
            "-t",
            "secret:1",
            "--secret",
            "id=pass,src=" + secret,
            "--build-arg",
            "TOKEN=" + CANARY);

    built.ok();
    assertThat(daemon.docker("run", "--rm", "secret:1", "cat", "/length").ok().line())
        .isEqualTo(String.valueOf(CANARY.length()));
    assertThat(daemon.docker("history", "--no-trunc", "secret:1").ok().out())
        .doesNotContain(CANARY);
    assertThat(filesWith(CANARY, daemon.folder())).isEmpty();
    Files.delete(secret);
  }

  @Test
  void aSecretVariableReachesNoDiskWhileItsStepRuns() throws Exception {
    Path secret = Files.writeString(Files.createTempFile("secret", ""), CANARY);
    Path jobs = daemon.folder().resolve("exec/containers");
    List<Path> before = children(jobs);
    List<String> words =
        new ArrayList<>(
            List.of(LiveDaemon.REPOSITORY.resolve("djong").toString(), "--host", daemon.host()));
    words.addAll(
        command(
            "FROM busybox\nRUN --mount=type=secret,id=pass,env=PASS echo begun; sleep 1000\n",
            "--secret",
            "id=pass,src=" + secret));
    Process client = Program.start(words, Map.of(), null);
    var err = client.errorReader();
    String line = err.readLine();
    while (line != null && !line.endsWith(" begun")) {
      line = err.readLine();
    }

    Program.Result found =
        Program.run(
            List.of(
                "find",
                daemon.folder().toString(),
                "-xdev",
                "-type",
                "f",
                "-exec",
                "grep",
                "-lsaF",
                CANARY,
                "{}",
                "+"),
            Map.of(),
            null);

    assertThat(line).isNotNull();
    assertThat(children(jobs)).hasSizeGreaterThan(before.size());
    assertThat(found.out()).isEmpty();
    client.destroyForcibly().waitFor();
    awaitNoneBut(before, jobs);
    Files.delete(secret);
  }

  private static List<Path> filesWith(String word, Path folder)
      throws IOException, InterruptedException {
    Program.Result found =
        Program.run(List.of("grep", "-rlsaF", word, folder.toString()), Map.of(), null);
    return found.lines().stream().map(Path::of).toList();
  }

  @Test
  void onlyWhatTheIgnoreFileLetsThroughIsSeen() throws Exception {
    Files.writeString(context.resolve(".dockerignore"), "*.log\n!keep.log\nprivate\n");
    Files.createDirectories(context.resolve("private"));
    for (String name : List.of("a", "b.log", "keep.log", "private/x")) {
      Files.writeString(context.resolve(name), name);
    }

    build("FROM busybox\nCOPY . /all/\n", "-t", "ignored:1").ok();

    assertThat(daemon.docker("run", "--rm", "ignored:1", "ls", "/all").ok().lines())
        .containsExactly("Dockerfile", "a", "keep.log");
  }

  @Test
  void theSameInputGivesTheSameImageWheneverItIsBuilt() throws Exception {
    Files.writeString(context.resolve("a"), "x");
    String file = "FROM busybox\nWORKDIR /w\nCOPY a .\nRUN echo b > b && touch c\n";
    String[] ids = new String[2];
    for (int i = 0; i < 2; i++) {
      Path id = context.resolveSibling("id" + i + "-" + context.getFileName());
      build(
              file,
              "--no-cache",
              "--build-arg",
              "SOURCE_DATE_EPOCH=1700000000",
              "--iidfile",
              id.toString())
          .ok();
      ids[i] = Files.readString(id);
      Files.setLastModifiedTime(
          context.resolve("a"),
          java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis()));
    }

    assertThat(ids[0]).startsWith("sha256:").isEqualTo(ids[1]);
  }

  @Test
  void whyAStepWasBuiltIsSaidAndDrawn() throws Exception {
    Path drawing = context.resolveSibling("t-" + context.getFileName() + ".svg");
    Program.Result built =
        build("FROM busybox\nRUN echo explained\n", "--explain", "--timeline", drawing.toString());

    assertThat(built.ok().out())
        .contains("#2 [", "RUN echo explained: nothing like it was built before");
    assertThat(Files.readString(drawing)).startsWith("<svg ").contains("RUN echo explained");
    assertThat(build("FROM busybox\nRUN echo explained\n", "--explain").ok().out())
        .contains("#2 [cached] RUN echo explained: the same was written before");
  }

  @Test
  void mountsLeadNowhereOutside() throws Exception {
    Files.createSymbolicLink(context.resolve("out"), Path.of("/etc"));
    Files.createSymbolicLink(context.resolve("up"), Path.of("../../../../../../etc"));
    Path canary = Files.writeString(Path.of("/etc/djong-canary"), CANARY);
    try {
      for (String source :
          List.of("../../etc/djong-canary", "/out/djong-canary", "up/djong-canary")) {
        Program.Result built =
            build("FROM busybox\nRUN --mount=type=bind,source=" + source + ",target=/c cat /c\n");
        assertThat(built.code()).as(source).isNotZero();
        assertThat(built.out() + built.err()).as(source).doesNotContain(CANARY);
      }
      assertThat(
              build(
                      """
                      FROM busybox
                      RUN ln -s /../../../../etc /away && ln -s /etc/djong-canary /file
                      RUN --mount=type=cache,target=/away/made touch /away/made/x
                      COPY Dockerfile /away/copied
                      RUN ! cat /file
                      """)
                  .ok()
                  .code())
          .isZero();
      assertThat(Path.of("/etc/made")).doesNotExist();
      assertThat(Path.of("/etc/copied")).doesNotExist();
    } finally {
      Files.delete(canary);
    }
  }

  @Test
  void aClientThatGoesAwayEndsItsBuild() throws Exception {
    Path jobs = daemon.folder().resolve("exec/containers");
    List<Path> before = children(jobs);
    List<String> words = new ArrayList<>(daemon.dockerCommand("build"));
    command("FROM busybox\nRUN echo begun; sleep 1000\n");
    words.add(context.toString());
    Process client = Program.start(words, Map.of("DOCKER_BUILDKIT", "0"), null);
    awaitBegun(client);
    assertThat(children(jobs)).hasSizeGreaterThan(before.size());

    client.destroyForcibly().waitFor();

    awaitNoneBut(before, jobs);
  }

  private static void awaitNoneBut(List<Path> before, Path jobs) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!before.containsAll(children(jobs)) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    assertThat(before).containsAll(children(jobs));
  }

  private static void awaitBegun(Process client) throws IOException {
    var out = client.inputReader();
    String line = out.readLine();
    while (line != null && !line.equals("begun")) {
      line = out.readLine();
    }
    assertThat(line).isEqualTo("begun");
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    }
  }

  @Test
  void aDaemonThatIsKilledGoesOnFromWhatWasFinished() throws Exception {
    try (LiveDaemon own = LiveDaemon.withBusybox()) {
      List<String> words = new ArrayList<>(own.dockerCommand("build"));
      command(
          "FROM busybox\nRUN date +%N > /first\nRUN echo begun; test -e /first && sleep 1000\n");
      words.add(context.toString());
      Process client = Program.start(words, Map.of("DOCKER_BUILDKIT", "0"), null);
      awaitBegun(client);
      own.kill();
      client.waitFor();
      own.launch();

      command("FROM busybox\nRUN date +%N > /first\nRUN echo begun; test -e /first\n");
      Program.Result again = Program.run(words, Map.of("DOCKER_BUILDKIT", "0"), null);

      assertThat(again.ok().out()).contains("Using cache", "begun");
      assertThat(children(own.folder().resolve("exec/containers"))).isEmpty();
    }
  }
}
