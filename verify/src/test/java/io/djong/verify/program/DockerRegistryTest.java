package io.djong.verify.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Images to and from Debian's docker-registry, by the stock docker command line and skopeo.
@ExtendWith(SharedDaemon.class)
class DockerRegistryTest {
  private static final String CANARY = "canary-in-the-hold";
  private static final String HTPASSWD =
      "ann:$2b$04$2soxzkrfGyJwZXaGAEyogO2TKVrPgB8d2ZzZKAehZa7ij.mS3fpFq\n";

  private final LiveDaemon daemon;
  @TempDir Path folder = Path.of("");

  DockerRegistryTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  private Program.Result docker(String... arguments) throws IOException, InterruptedException {
    return Program.run(
        daemon.dockerCommand(arguments),
        Map.of("DOCKER_CONFIG", folder.resolve("docker").toString()),
        null);
  }

  private static Program.Result skopeo(String... arguments)
      throws IOException, InterruptedException {
    return Program.run(
        Stream.concat(Stream.of("skopeo", "--insecure-policy"), Stream.of(arguments)).toList(),
        Map.of(),
        null);
  }

  @Test
  void anImageGoesThereAndComesBackTheSame() throws Exception {
    try (DebianRegistry registry = DebianRegistry.start(folder, null)) {
      String name = registry.host() + "/fleet/box:1";
      String id = docker("image", "inspect", "-f", "{{.Id}}", "busybox").ok().line();
      docker("tag", "busybox", name).ok();

      assertThat(docker("push", name).ok().out())
          .contains("The push refers to repository [" + registry.host() + "/fleet/box]")
          .contains("Pushed", "1: digest: sha256:");
      assertThat(docker("push", name).ok().out()).contains("Layer already exists");
      String other = registry.host() + "/other:1";
      docker("tag", "busybox", other).ok();
      assertThat(docker("push", other).ok().out()).contains("Mounted from fleet/box");
      docker("rmi", name, other).ok();
      assertThat(docker("image", "ls", "--digests").ok().out()).doesNotContain(registry.host());
      assertThat(docker("pull", name).ok().out())
          .contains("1: Pulling from fleet/box", "Digest: sha256:")
          .contains("Status: Downloaded newer image for " + name);
      assertThat(docker("pull", name).ok().out())
          .contains("Status: Image is up to date for " + name);
      assertThat(docker("image", "inspect", "-f", "{{.Id}}", name).ok().line()).isEqualTo(id);
      String digest =
          docker("image", "inspect", "-f", "{{index .RepoDigests 0}}", name).ok().line();
      assertThat(digest).startsWith(registry.host() + "/fleet/box@sha256:");
      docker("rmi", name).ok();
      assertThat(docker("pull", digest).ok().out()).contains("Downloaded newer image");
      assertThat(docker("run", "--rm", digest, "echo", "ahoy").ok().line()).isEqualTo("ahoy");
      docker("rmi", digest).ok();
    }
  }

  @Test
  void anImageOfSkopeoComesForItsPlatformAndOursIsReadByIt() throws Exception {
    try (DebianRegistry registry = DebianRegistry.start(folder, null)) {
      Path saved = folder.resolve("saved.tar");
      docker("save", "-o", saved.toString(), "busybox").ok();
      String there = "docker://" + registry.host() + "/sko/box:";
      for (String format : List.of("v2s2", "oci")) {
        skopeo(
                "copy",
                "--dest-tls-verify=false",
                "--format",
                format,
                "docker-archive:" + saved,
                there + format)
            .ok();
        String name = registry.host() + "/sko/box:" + format;
        docker("pull", name).ok();
        assertThat(docker("run", "--rm", name, "echo", format).ok().line()).isEqualTo(format);
        docker("rmi", name).ok();
      }
      String name = registry.host() + "/own:1";
      docker("tag", "busybox", name).ok();
      docker("push", name).ok();
      skopeo(
              "copy",
              "--src-tls-verify=false",
              "docker://" + name,
              "oci:" + folder.resolve("layout") + ":1")
          .ok();
      Program.Result wrong =
          docker("pull", "--platform", "linux/s390x", registry.host() + "/sko/box:oci");
      assertThat(wrong.code()).isEqualTo(1);
      assertThat(wrong.err()).contains("does not match the specified platform (linux/s390x)");
      docker("rmi", name).ok();
    }
  }

  @Test
  void whatIsNotThereAndWhoIsNotThereIsSaidInDockersWords() throws Exception {
    try (DebianRegistry registry = DebianRegistry.start(folder, null)) {
      assertThat(docker("pull", registry.host() + "/no:1").err())
          .contains(
              "manifest for "
                  + registry.host()
                  + "/no:1 not found: manifest unknown: manifest unknown");
    }
    assertThat(docker("pull", "127.0.0.1:1/no:1").err())
        .contains(
            "Get \"http://127.0.0.1:1/v2/\": dial tcp 127.0.0.1:1: connect: connection refused");
    assertThat(docker("push", "127.0.0.1:1/nowhere:1").err())
        .contains("An image does not exist locally with the tag: 127.0.0.1:1/nowhere");
  }

  @Test
  void aPasswordOpensARegistryAndIsKeptNowhere() throws Exception {
    try (DebianRegistry registry = DebianRegistry.start(folder, HTPASSWD)) {
      String name = registry.host() + "/safe/box:1";
      docker("tag", "busybox", name).ok();
      Program.Result refused = docker("push", name);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err()).contains("unauthorized: authentication required");
      assertThat(docker("pull", name).err())
          .contains("pull access denied for " + registry.host() + "/safe/box");
      assertThat(login(registry, "wrong").code()).isEqualTo(1);

      assertThat(login(registry, CANARY).ok().out()).contains("Login Succeeded");
      docker("push", name).ok();
      docker("rmi", name).ok();
      docker("pull", name).ok();
      docker("logout", registry.host()).ok();
      assertThat(docker("push", name).code()).isEqualTo(1);
      docker("rmi", name).ok();
    }
    try (Stream<Path> files = Files.walk(daemon.folder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(contains(file, CANARY)).as(file.toString()).isFalse();
      }
    }
  }

  @Test
  void ourOwnCommandLineDoesTheSame() throws Exception {
    try (DebianRegistry registry = DebianRegistry.start(folder, HTPASSWD)) {
      String name = registry.host() + "/own/box:1";
      assertThat(
              djong(CANARY, "login", "-u", "ann", "--password-stdin", registry.host()).ok().out())
          .contains("Login Succeeded");
      djong(null, "tag", "busybox", name).ok();
      assertThat(djong(null, "push", name).ok().out()).contains("1: digest: sha256:");
      djong(null, "rmi", name).ok();
      assertThat(djong(null, "pull", name).ok().out())
          .contains("Status: Downloaded newer image for " + name);
      assertThat(docker("push", name).ok().out()).contains("Layer already exists");
      djong(null, "rmi", name).ok();
      djong(null, "logout", registry.host()).ok();
      assertThat(djong(null, "pull", name).code()).isEqualTo(1);
    }
  }

  private Program.Result djong(@org.jspecify.annotations.Nullable String input, String... arguments)
      throws IOException, InterruptedException {
    return Program.run(
        Stream.concat(
                Stream.of(
                    LiveDaemon.REPOSITORY.resolve("djong").toString(), "--host", daemon.host()),
                Stream.of(arguments))
            .toList(),
        Map.of("DOCKER_CONFIG", folder.resolve("docker").toString()),
        input);
  }

  private Program.Result login(DebianRegistry registry, String password)
      throws IOException, InterruptedException {
    return Program.run(
        daemon.dockerCommand("login", "-u", "ann", "--password-stdin", registry.host()),
        Map.of("DOCKER_CONFIG", folder.resolve("docker").toString()),
        password);
  }

  private static boolean contains(Path file, String text) throws IOException {
    byte[] all = Files.readAllBytes(file);
    byte[] base64 =
        java.util.Base64.getEncoder().withoutPadding().encode(("ann:" + text).getBytes(UTF_8));
    String content = new String(all, java.nio.charset.StandardCharsets.ISO_8859_1);
    return content.contains(text)
        || content.contains(new String(base64, java.nio.charset.StandardCharsets.ISO_8859_1));
  }
}
