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

/// `djong image copy` and its neighbours, between Debian's docker-registry, layouts, archives and
/// the engine, with skopeo as the witness; and signatures.
@ExtendWith(SharedDaemon.class)
class ImagePlacesTest {
  private final LiveDaemon daemon;
  @TempDir Path folder = Path.of("");

  ImagePlacesTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  private Program.Result image(String... words) throws IOException, InterruptedException {
    return Program.run(
        Stream.concat(
                Stream.of(LiveDaemon.REPOSITORY.resolve("djong").toString(), "image"),
                Stream.of(words))
            .toList(),
        Map.of("COSIGN_PASSWORD", "cast off", "DOCKER_CONFIG", folder.resolve("docker").toString()),
        null);
  }

  private Program.Result docker(String... words) throws IOException, InterruptedException {
    return Program.run(daemon.dockerCommand(words), Map.of(), null);
  }

  private static String digest(String... words) throws IOException, InterruptedException {
    return Program.run(
            Stream.concat(
                    Stream.of("skopeo", "inspect", "--tls-verify=false", "--format", "{{.Digest}}"),
                    Stream.of(words))
                .toList(),
            Map.of(),
            null)
        .ok()
        .line();
  }

  @Test
  void anImageGoesRoundAllPlacesAndStaysTheSame() throws Exception {
    Path saved = folder.resolve("saved.tar");
    docker("save", "-o", saved.toString(), "busybox").ok();
    try (DebianRegistry registry = DebianRegistry.start(folder, null)) {
      String there = "docker://" + registry.host() + "/fleet/box:";
      String layout = "oci:" + folder.resolve("layout");
      Path archive = folder.resolve("out.tar");

      String first = image("copy", "docker-archive:" + saved, there + "1").ok().line();
      image("copy", there + "1", layout + ":one").ok();
      image("copy", layout + ":one", "oci-archive:" + archive + ":two").ok();
      assertThat(image("copy", "oci-archive:" + archive, there + "2").ok().line()).isEqualTo(first);

      assertThat(digest(there + "1")).isEqualTo(first);
      assertThat(digest(there + "2")).isEqualTo(first);
      assertThat(digest(layout + ":one")).isEqualTo(first);
      assertThat(image("ls-tags", there + "1").ok().line()).contains("\"1\"", "\"2\"");
      assertThat(image("ls-tags", layout).ok().line()).isEqualTo("{\"Tags\":[\"one\"]}");
      assertThat(image("inspect", there + "1").ok().line())
          .contains("\"Digest\":\"" + first + "\"", "\"Os\":\"linux\"");
      Files.write(
          folder.resolve("manifest"),
          image("inspect", "--raw", there + "1").ok().out().getBytes(UTF_8));
      assertThat(
              Program.run(
                      List.of("sha256sum", folder.resolve("manifest").toString()), Map.of(), null)
                  .ok()
                  .line())
          .startsWith(first.substring("sha256:".length()));
      image("delete", layout + ":one").ok();
      assertThat(image("ls-tags", layout).ok().line()).isEqualTo("{\"Tags\":[]}");
      assertThat(image("copy", layout + ":one", there + "3").code()).isEqualTo(1);
    }
  }

  @Test
  void anImageIsSignedAndAnotherIsNot() throws Exception {
    Path saved = folder.resolve("saved.tar");
    docker("save", "-o", saved.toString(), "busybox").ok();
    try (DebianRegistry registry = DebianRegistry.start(folder, null)) {
      String name = registry.host() + "/fleet/box:1";
      String other = registry.host() + "/fleet/other:1";
      String key = folder.resolve("cosign").toString();
      image("copy", "docker-archive:" + saved, "docker://" + name).ok();
      image("copy", "docker-archive:" + saved, "docker://" + other).ok();
      image("generate-key", key).ok();

      String digest = image("sign", "--key", key + ".key", name).ok().line();

      assertThat(image("verify", "--key", key + ".pub", name).ok().line()).isEqualTo(digest);
      assertThat(image("verify", "--key", key + ".pub", other).code()).isEqualTo(1);
      assertThat(image("ls-tags", "docker://" + name).ok().line())
          .contains(digest.replace(':', '-') + ".sig");
      Path policy = folder.resolve("policy.json");
      Files.writeString(
          policy,
          "{\"default\":[{\"type\":\"reject\"}],\"transports\":{\"docker\":{\""
              + registry.host()
              + "\":[{\"type\":\"sigstoreSigned\",\"keyPath\":\""
              + key
              + ".pub\"}]}}}");
      assertThat(image("verify", "--policy", policy.toString(), name).ok().line())
          .isEqualTo(digest);
      Program.Result refused = image("verify", "--policy", policy.toString(), other);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err()).contains("is not trusted: it has no signature");
    }
  }
}
