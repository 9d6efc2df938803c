package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Images built by the stock docker command line, without BuildKit.
@ExtendWith(SharedDaemon.class)
class DockerBuildTest {
  private final LiveDaemon daemon;
  @TempDir Path context = Path.of("");

  DockerBuildTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  private Program.Result build(String dockerfile, String... options) throws Exception {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    List<String> command = new ArrayList<>(daemon.dockerCommand("build"));
    command.addAll(List.of(options));
    command.add(context.toString());
    return Program.run(command, Map.of("DOCKER_BUILDKIT", "0"), null);
  }

  private String run(String image, String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of("run", "--rm", image));
    all.addAll(List.of(command));
    return daemon.docker(all.toArray(String[]::new)).ok().out();
  }

  @Test
  void everyInstructionHasItsEffect() throws Exception {
    Files.writeString(context.resolve("a.txt"), "A\n");
    Files.createDirectories(context.resolve("folder"));
    Files.writeString(context.resolve("folder/b.txt"), "B\n");

    Program.Result built =
        build(
            """
            ARG BASE=busybox
            FROM ${BASE}
            MAINTAINER Ann
            ARG WHO=world
            ENV GREETING="hello $WHO" OTHER=x\\ y
            LABEL a=b "c d"="e"
            WORKDIR /app
            COPY a.txt folder ./
            ADD --chown=1000:2000 --chmod=0640 a.txt owned
            RUN echo "$GREETING" > greeting
            RUN <<END
            id -u > id
            pwd > where
            END
            COPY <<END /etc/conf
            who=$WHO
            END
            USER 1000
            EXPOSE 80 90/udp
            VOLUME /data
            STOPSIGNAL SIGUSR1
            HEALTHCHECK --interval=5s CMD true
            ONBUILD RUN true
            ENTRYPOINT ["cat"]
            CMD ["/app/greeting"]
            """,
            "-t",
            "all:1",
            "--build-arg",
            "WHO=ship",
            "--label",
            "given=yes");

    assertThat(built.ok().out())
        .contains("Step 1/19 : FROM ${BASE}", "Successfully built ", "Successfully tagged all:1");
    assertThat(run("all:1")).isEqualTo("hello ship\n");
    assertThat(run("all:1", "/app/id", "/app/where", "/app/a.txt", "/app/b.txt", "/etc/conf"))
        .isEqualTo("0\n/app\nA\nB\nwho=ship\n");
    assertThat(
            daemon
                .docker(
                    "run", "--rm", "--entrypoint", "stat", "all:1", "-c", "%u:%g %a", "/app/owned")
                .ok()
                .line())
        .isEqualTo("1000:2000 640");
    String config =
        daemon.docker("image", "inspect", "-f", "{{json .Config}} {{.Author}}", "all:1").ok().out();
    assertThat(config)
        .contains(
            "\"User\":\"1000\"",
            "\"80/tcp\"",
            "\"90/udp\"",
            "\"/data\"",
            "\"SIGUSR1\"",
            "\"a\":\"b\"",
            "\"c d\":\"e\"",
            "\"given\":\"yes\"",
            "\"OTHER=x y\"",
            "\"OnBuild\":[\"RUN true\"]",
            "\"CMD-SHELL\",\"true\"",
            "Ann");
    assertThat(
            daemon
                .docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", "all:1")
                .ok()
                .lines())
        .contains("WORKDIR /app", "CMD [\"/app/greeting\"]", "COPY a.txt folder ./");
  }

  @Test
  void whatDidNotChangeIsTakenFromTheCacheAndGivesTheSameImage() throws Exception {
    Files.writeString(context.resolve("a"), "1");
    String file = "FROM busybox\nCOPY a /a\nRUN cat /a > /b; date +%N >> /b\n";

    build(file, "-t", "cached:1").ok();
    String first = daemon.docker("image", "inspect", "-f", "{{.Id}}", "cached:1").ok().line();
    Files.writeString(context.resolve("a"), "2");
    build(file, "-t", "cached:2").ok();
    Files.writeString(context.resolve("a"), "1");
    Program.Result again = build(file, "-t", "cached:3");

    assertThat(again.ok().out()).contains("Using cache").doesNotContain("Running in");
    assertThat(daemon.docker("image", "inspect", "-f", "{{.Id}}", "cached:2").ok().line())
        .isNotEqualTo(first);
    assertThat(daemon.docker("image", "inspect", "-f", "{{.Id}}", "cached:3").ok().line())
        .isEqualTo(first);
    assertThat(build(file, "--no-cache").ok().out()).contains("Running in");
  }

  @Test
  void stagesThatTheTargetDoesNotNeedAreNotBuilt() throws Exception {
    build(
            """
            FROM busybox AS made
            RUN echo cargo > /cargo
            FROM busybox AS broken
            RUN false
            FROM busybox AS middle
            COPY --from=made /cargo /hold/
            FROM middle
            COPY --from=0 /cargo /again
            COPY --from=busybox /bin/busybox /bb
            """,
            "-t",
            "stages:1")
        .ok();

    assertThat(run("stages:1", "cat", "/hold/cargo", "/again")).isEqualTo("cargo\ncargo\n");
    assertThat(
            build("FROM busybox AS a\nRUN true\nFROM busybox\nRUN false\n", "--target", "a").code())
        .isZero();
  }

  @Test
  void aCommandThatFailsIsToldInDockersWordsAndLeavesNothing() throws Exception {
    Program.Result built = build("FROM busybox\nRUN echo before; exit 7\n", "-t", "failed:1");

    assertThat(built.code()).isEqualTo(7);
    assertThat(built.out()).contains("before");
    assertThat(built.err())
        .contains("The command '/bin/sh -c echo before; exit 7' returned a non-zero code: 7");
    assertThat(daemon.docker("image", "inspect", "failed:1").code()).isNotZero();
    assertThat(daemon.docker("ps", "-aq").ok().out()).isEmpty();
  }

  @Test
  void whatAProgramComplainsOfIsRed() throws Exception {
    assertThat(
            build("FROM busybox\nRUN echo complaint >&2; echo praise\n", "--no-cache").ok().out())
        .contains("\u001b[91mcomplaint\n\u001b[0m")
        .contains("praise\n")
        .doesNotContain("\u001b[91mpraise");
  }

  @Test
  void aMistakeIsShownWhereItIs() throws Exception {
    Program.Result built = build("FROM busybox\nRUUN echo\n");

    assertThat(built.code()).isEqualTo(1);
    assertThat(built.err())
        .contains("dockerfile parse error on line 2: unknown instruction: RUUN (did you mean RUN?)")
        .contains("> 2 | RUUN echo");
  }

  @Test
  void mountsAreThereForTheirStepAlone() throws Exception {
    Files.writeString(context.resolve("given"), "cargo");

    build(
            """
            FROM busybox
            RUN --mount=type=bind,source=given,target=/in/given \\
                --mount=type=cache,target=/cache --mount=type=tmpfs,target=/quick \\
                cat /in/given > /out && touch /cache/x /quick/y
            RUN --mount=type=cache,target=/cache ls /cache >> /out
            """,
            "-t",
            "mounts:1")
        .ok();

    assertThat(run("mounts:1", "cat", "/out")).isEqualTo("cargox\n");
    assertThat(run("mounts:1", "ls", "/").lines().toList()).doesNotContain("in", "cache", "quick");
  }
}
