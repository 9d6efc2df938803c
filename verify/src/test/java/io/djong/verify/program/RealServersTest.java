package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Redis and PostgreSQL of Debian's packages, installed by a Dockerfile: found by name and by port,
/// with data that outlives their containers and a daemon that is killed.
class RealServersTest {
  private static final String DOCKERFILE =
      """
      FROM debian:bookworm
      RUN echo force-unsafe-io > /etc/dpkg/dpkg.cfg.d/fast
      RUN apt-get update && apt-get install -y --no-install-recommends redis-server postgresql
      RUN mkdir -p /data/redis /data/db && chown postgres /data/db && chmod 700 /data/db
      RUN printf '%s\\n' '#!/bin/sh -e' 'bin=$(echo /usr/lib/postgresql/*/bin)' \\
          '[ -e /data/db/PG_VERSION ] || $bin/initdb -A trust -D /data/db' \\
          'echo "host all all all trust" > /data/db/pg_hba.conf' \\
          'exec $bin/postgres -D /data/db -c listen_addresses="*"' > /db && chmod 755 /db
      """;

  private static final Path KEPT = Path.of("/var/tmp/djong-verify");

  private LiveDaemon daemon;

  @BeforeEach
  void open() throws Exception {
    daemon = LiveDaemon.start();
  }

  @AfterEach
  void close() throws Exception {
    daemon.close();
  }

  /// Builds it where this machine has not done so yet: a hundred megabytes of packages.
  private void bringImage() throws Exception {
    Path kept = KEPT.resolve("servers-" + Integer.toHexString(DOCKERFILE.hashCode()) + ".tar");
    if (Files.exists(kept)) {
      daemon.docker("load", "-i", kept.toString()).ok();
      return;
    }
    Path base = KEPT.resolve("debian-bookworm.tar");
    if (Files.exists(base)) {
      daemon.docker("load", "-i", base.toString()).ok();
    } else {
      daemon.djong("image", "bootstrap", "debian:bookworm").ok();
    }
    Program.run(
            daemon.dockerCommand("build", "-q", "-t", "servers", "-"),
            Map.of("DOCKER_BUILDKIT", "0"),
            DOCKERFILE)
        .ok();
    Files.createDirectories(KEPT);
    Path written = Files.createTempFile(KEPT, "servers-", ".new");
    daemon.docker("save", "-o", written.toString(), "servers").ok();
    Files.move(written, kept, StandardCopyOption.REPLACE_EXISTING);
  }

  private void startServers() throws Exception {
    daemon
        .docker(
            "run",
            "-d",
            "--name",
            "redis",
            "--network",
            "crew",
            "-p",
            "127.0.0.1:16379:6379",
            "-v",
            "redis:/data/redis",
            "servers",
            "redis-server",
            "--dir",
            "/data/redis",
            "--appendonly",
            "yes",
            "--bind",
            "0.0.0.0",
            "--protected-mode",
            "no")
        .ok();
    daemon
        .docker(
            "run",
            "-d",
            "--name",
            "db",
            "--network",
            "crew",
            "-p",
            "15432:5432",
            "-v",
            "db:/data/db",
            "-u",
            "postgres",
            "servers",
            "/db")
        .ok();
  }

  /// What a client says that runs in a container beside them, once they answer.
  private String client(String network, String script) throws Exception {
    return daemon
        .docker(
            "run", "--rm", "--network", network, "-u", "postgres", "servers", "sh", "-c", script)
        .ok()
        .line();
  }

  private String redis() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), 16379)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("GET cargo\r\n".getBytes(StandardCharsets.UTF_8));
      byte[] answer = socket.getInputStream().readNBytes("$3\r\ntea\r\n".length());
      return new String(answer, StandardCharsets.UTF_8);
    }
  }

  private void assertDataIsThere() throws Exception {
    assertThat(
            client(
                "crew",
                "until redis-cli -h redis ping | grep -q PONG; do :; done; redis-cli -h redis get cargo"))
        .isEqualTo("tea");
    assertThat(
            client(
                "crew",
                "until pg_isready -q -h db; do :; done; psql -h db -At -c 'select what from cargo'"))
        .isEqualTo("coffee");
    assertThat(redis()).isEqualTo("$3\r\ntea\r\n");
    assertThat(client("host", "psql -h 127.0.0.1 -p 15432 -At -c 'select what from cargo'"))
        .isEqualTo("coffee");
  }

  @Test
  void serversAreFoundAndKeepTheirDataOverRemovalAndACrashOfTheDaemon() throws Exception {
    bringImage();
    daemon.docker("network", "create", "crew").ok();
    startServers();
    client(
        "crew",
        "until redis-cli -h redis ping | grep -q PONG; do :; done; redis-cli -h redis set cargo tea;"
            + " until pg_isready -q -h db; do :; done;"
            + " psql -h db -c 'create table cargo (what text)';"
            + " psql -h db -c \"insert into cargo values ('coffee')\"");
    assertDataIsThere();

    daemon.kill();
    assertThat(redis()).isEqualTo("$3\r\ntea\r\n");
    daemon.launch();
    assertDataIsThere();

    daemon.docker("rm", "-f", "redis", "db").ok();
    startServers();
    assertDataIsThere();
    assertThat(daemon.docker("volume", "ls", "-q").ok().lines())
        .containsAll(List.of("db", "redis"));
  }
}
