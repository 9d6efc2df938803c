package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Dockerfiles as people know them, on a Debian of ours: they build, run and answer.
@ExtendWith(SharedDaemon.class)
class RealDockerfilesTest {
  private static final Path FILES =
      LiveDaemon.REPOSITORY.resolve("verify/src/test/resources/dockerfiles");

  private final LiveDaemon daemon;
  @TempDir Path folder = Path.of("");

  RealDockerfilesTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  /// Debian's own packages take a minute or more to come: what was made of them is kept.
  private static final Path KEPT = Path.of("/var/tmp/djong-verify/debian-bookworm.tar");

  @BeforeAll
  static void theBaseIsBuilt(LiveDaemon daemon) throws Exception {
    if (Files.exists(KEPT)) {
      daemon.djong("load", "-i", KEPT.toString()).ok();
    } else {
      daemon.djong("image", "bootstrap", "debian:bookworm").ok();
      Files.createDirectories(parent(KEPT));
      daemon.djong("save", "-o", KEPT.toString(), "debian:bookworm").ok();
    }
    daemon.djong("build", "-q", "-t", "base", FILES.resolve("base").toString()).ok();
  }

  /// Built by the stock command line, without BuildKit.
  private void build(String name, String tag) throws Exception {
    List<String> command = daemon.dockerCommand("build", "-t", tag, FILES.resolve(name).toString());
    Program.run(command, Map.of("DOCKER_BUILDKIT", "0"), null).ok();
  }

  private interface Question {
    String ask(String address) throws Exception;
  }

  /// What an image's container answers once it does.
  private String answer(String image, Question question) throws Exception {
    String id = daemon.docker("run", "-d", image).ok().line();
    try {
      String address =
          daemon
              .docker("inspect", "-f", "{{.NetworkSettings.Networks.bridge.IPAddress}}", id)
              .ok()
              .line();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (true) {
        try {
          return question.ask(address);
        } catch (IOException e) {
          if (System.nanoTime() > deadline) {
            throw new AssertionError(daemon.docker("logs", id).toString(), e);
          }
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
      }
    } finally {
      daemon.docker("rm", "-f", "-v", id).ok();
    }
  }

  private static String get(String url) throws IOException {
    try (InputStream in = URI.create(url).toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// What a program in the image says, or that it does not yet.
  private String say(String image, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("run", "--rm", image));
    all.addAll(List.of(words));
    Program.Result said = daemon.docker(all.toArray(String[]::new));
    if (said.code() != 0) {
      throw new IOException(said.toString());
    }
    return said.line();
  }

  @Test
  void nginxServesAndAFrontEndThatNodeBuiltStandsOnIt() throws Exception {
    build("nginx", "nginx:light");
    build("front", "front");

    assertThat(answer("nginx:light", at -> get("http://" + at + "/greeting.txt")))
        .startsWith("greeting written by /docker-entrypoint.d/10-greeting.sh");
    String[] script = new String[1];
    String page =
        answer(
            "front",
            at -> {
              String index = get("http://" + at + "/");
              script[0] = get("http://" + at + index.replaceAll("(?s).*src=\"(.*?)\".*", "$1"));
              return index;
            });
    assertThat(page).contains("<title>Front</title>");
    assertThat(script[0]).contains("built for production");
    assertThat(daemon.docker("run", "--rm", "front", "sh", "-c", "! command -v node").code())
        .isZero();
  }

  @Test
  void redisKeepsAndIsHealthy() throws Exception {
    build("redis", "redis:debian");

    String answer =
        answer(
            "redis:debian",
            at -> say("redis:debian", "sh", "-c", "redis-cli -h " + at + " incr cargo"));
    assertThat(answer).isEqualTo("1");
    String id = daemon.docker("run", "-d", "redis:debian").ok().line();
    String[] health = {""};
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!health[0].equals("healthy") && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      health[0] = daemon.docker("inspect", "-f", "{{.State.Health.Status}}", id).ok().line();
    }
    daemon.docker("rm", "-f", "-v", id).ok();
    assertThat(health[0]).isEqualTo("healthy");
  }

  @Test
  void postgresAnswersQueries() throws Exception {
    build("postgres", "postgres:debian");

    assertThat(
            answer(
                "postgres:debian",
                at ->
                    say(
                        "postgres:debian",
                        "psql",
                        "-h",
                        at,
                        "-U",
                        "postgres",
                        "-tAc",
                        "select 6 * 7")))
        .isEqualTo("42");
  }

  @Test
  void aPythonApplicationAnswersAsNobody() throws Exception {
    build("python", "python-app");

    assertThat(answer("python-app", at -> get("http://" + at + ":8000/")))
        .isEqualTo("{\"user\": 10001, \"files\": [\"app.py\", \"requirements.txt\"]}");
  }

  @Test
  void aMavenApplicationIsBuiltWithARepositoryThatStays() throws Exception {
    Path home = parent(parent(program("mvn")));
    Path jdk = Path.of(System.getProperty("java.home"));
    Path repository = Path.of(System.getProperty("user.home"), ".m2/repository");
    Path tools = Files.createDirectory(folder.resolve("tools"));
    tar(
        tools.resolve("maven.tar"),
        "--dereference",
        "--transform=s,^" + home.getFileName() + ",maven,",
        "-C",
        parent(home).toString(),
        home.getFileName().toString());
    tar(
        tools.resolve("jdk.tar"),
        "--exclude=*/src.zip",
        "--exclude=*/jmods",
        "--transform=s,^" + jdk.getFileName() + ",jdk,",
        "-C",
        parent(jdk).toString(),
        jdk.getFileName().toString());
    for (String stage : List.of("java", "maven")) {
      daemon
          .djong(
              "build",
              "-q",
              "-t",
              stage,
              "--target",
              stage,
              "-f",
              FILES.resolve("maven/tools.Dockerfile").toString(),
              tools.toString())
          .ok();
    }
    Path application = folder.resolve("application");
    Program.run(
            List.of("cp", "-r", FILES.resolve("maven").toString(), application.toString()),
            Map.of(),
            null)
        .ok();
    tar(
        application.resolve("repository.tar"),
        "-C",
        parent(repository).toString(),
        "--exclude=*.lastUpdated",
        "repository/org/apache",
        "repository/org/codehaus",
        "repository/org/eclipse",
        "repository/org/junit",
        "repository/org/ow2",
        "repository/org/slf4j",
        "repository/org/sonatype",
        "repository/org/tukaani",
        "repository/org/iq80",
        "repository/com",
        "repository/commons-io",
        "repository/commons-codec",
        "repository/javax");

    List<String> command = daemon.dockerCommand("build", "-t", "maven-app", application.toString());
    Program.run(command, Map.of("DOCKER_BUILDKIT", "0"), null).ok();

    assertThat(answer("maven-app", at -> get("http://" + at + ":8080/")).strip())
        .isEqualTo("ahoy from version 1.2.3");
  }

  private static Path program(String name) throws IOException {
    for (String bin : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(bin, name))) {
        return Path.of(bin, name).toRealPath();
      }
    }
    throw new AssertionError("there is no program " + name);
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent());
  }

  private static void tar(Path archive, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("tar", "-cf", archive.toString()));
    command.addAll(List.of(words));
    Program.run(command, Map.of(), null).ok();
  }

  @Test
  void aStaticProgramServesOnNothing() throws Exception {
    build("static", "static");

    assertThat(answer("static", at -> get("http://" + at + ":8080/")).strip())
        .isEqualTo("<h1>nothing but this</h1>");
    assertThat(
            daemon.docker("image", "inspect", "-f", "{{len .RootFS.Layers}}", "static").ok().line())
        .isEqualTo("2");
  }
}
