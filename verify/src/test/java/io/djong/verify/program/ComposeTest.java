package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Docker's Compose, as the distribution packages it: services that are built, wait for each
/// other's health, find each other by name and keep their data.
@ExtendWith(SharedDaemon.class)
class ComposeTest {
  private static final String PROJECT =
      """
      version: "2.4"
      services:
        db:
          image: busybox
          command: sh -c "echo up >> /data/state; exec httpd -f -p 5432 -h /data"
          volumes: ["dbdata:/data"]
          healthcheck: {test: ["CMD-SHELL", "test -f /data/state"], interval: 1s, retries: 60}
          networks: [back]
        web:
          build: {context: ./web, args: {GREETING: moin}}
          depends_on: {db: {condition: service_healthy}}
          environment: {CREW: day}
          ports: ["127.0.0.1::8080"]
          networks: {back: {aliases: [shopfront]}, front: {}}
          restart: unless-stopped
          mem_limit: 64m
      volumes: {dbdata: {}}
      networks: {back: {}, front: {}}
      """;

  private static final String DOCKERFILE =
      """
      FROM busybox
      ARG GREETING=hello
      RUN mkdir -p /www && echo "$GREETING" > /www/index.html
      COPY extra.txt /www/
      CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
      """;

  private final LiveDaemon daemon;
  @TempDir private Path folder;

  ComposeTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @BeforeEach
  void writeProject() throws Exception {
    Files.writeString(folder.resolve("docker-compose.yml"), PROJECT);
    Files.createDirectory(folder.resolve("web"));
    Files.writeString(folder.resolve("web/Dockerfile"), DOCKERFILE);
    Files.writeString(folder.resolve("web/extra.txt"), "extra\n");
  }

  @AfterEach
  void takeDown() throws Exception {
    var _ = compose("down", "-v", "--rmi", "local", "-t", "0");
  }

  private Program.Result compose(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("docker-compose", "-p", "quay"));
    command.addAll(List.of(words));
    // Version 2 of Compose would ask for BuildKit; version 1 wants what images had until 1.44.
    return Program.run(
        command,
        Map.of(
            "DOCKER_HOST",
            daemon.host(),
            "DOCKER_BUILDKIT",
            "0",
            "COMPOSE_BAKE",
            "false",
            "COMPOSE_API_VERSION",
            "1.44"),
        null,
        folder);
  }

  @Test
  void aProjectIsBuiltStartedInOrderScaledAndTakenDown() throws Exception {
    compose("up", "-d").ok();

    assertThat(compose("exec", "-T", "web", "wget", "-q", "-O", "-", "http://db:5432/state").ok())
        .returns("up", Program.Result::line);
    assertThat(compose("exec", "-T", "db", "wget", "-q", "-O", "-", "http://shopfront:8080/").ok())
        .returns("moin", Program.Result::line);
    assertThat(compose("port", "web", "8080").ok().line()).startsWith("127.0.0.1:");
    assertThat(compose("ps").ok().out()).contains("quay", "web", "db", "healthy");

    compose("up", "-d", "--scale", "db=2").ok();
    assertThat(compose("ps", "-q", "db").ok().lines()).hasSize(2);
    compose("restart", "-t", "0", "web").ok();
    compose("up", "-d", "--force-recreate", "-t", "0").ok();
    assertThat(compose("exec", "-T", "db", "cat", "/data/state").ok().lines())
        .as("the volume outlives its containers")
        .hasSizeGreaterThanOrEqualTo(3);

    compose("down", "-v", "-t", "0").ok();
    assertThat(names("ps", "-aq", "--filter", "label=com.docker.compose.project=quay")).isEmpty();
    assertThat(names("network", "ls", "-q", "--filter", "name=quay_")).isEmpty();
    assertThat(names("volume", "ls", "-q", "--filter", "name=quay_")).isEmpty();
  }

  private List<String> names(String... words) throws Exception {
    return daemon.docker(words).ok().lines();
  }
}
