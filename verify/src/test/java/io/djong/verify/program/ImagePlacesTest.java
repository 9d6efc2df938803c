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

  private Program.Result djong(String... words) throws IOException, InterruptedException {
    return Program.djong(
        Map.of("COSIGN_PASSWORD", "cast off", "DOCKER_CONFIG", folder.resolve("docker").toString()),
        words);
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

      String first = djong("image", "copy", "docker-archive:" + saved, there + "1").ok().line();
      djong("image", "copy", there + "1", layout + ":one").ok();
      djong("image", "copy", layout + ":one", "oci-archive:" + archive + ":two").ok();
      assertThat(djong("image", "copy", "oci-archive:" + archive, there + "2").ok().line())
          .isEqualTo(first);

      assertThat(digest(there + "1")).isEqualTo(first);
      assertThat(digest(there + "2")).isEqualTo(first);
      assertThat(digest(layout + ":one")).isEqualTo(first);
      assertThat(djong("image", "ls-tags", there + "1").ok().line()).contains("\"1\"", "\"2\"");
      assertThat(djong("image", "ls-tags", layout).ok().line()).isEqualTo("{\"Tags\":[\"one\"]}");
      assertThat(djong("image", "inspect", there + "1").ok().line())
          .contains("\"Digest\":\"" + first + "\"", "\"Os\":\"linux\"");
      Files.write(
          folder.resolve("manifest"),
          djong("image", "inspect", "--raw", there + "1").ok().out().getBytes(UTF_8));
      assertThat(
              Program.run(
                      List.of("sha256sum", folder.resolve("manifest").toString()), Map.of(), null)
                  .ok()
                  .line())
          .startsWith(first.substring("sha256:".length()));
      djong("image", "delete", layout + ":one").ok();
      assertThat(djong("image", "ls-tags", layout).ok().line()).isEqualTo("{\"Tags\":[]}");
      assertThat(djong("image", "copy", layout + ":one", there + "3").code()).isEqualTo(1);
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
      djong("image", "copy", "docker-archive:" + saved, "docker://" + name).ok();
      djong("image", "copy", "docker-archive:" + saved, "docker://" + other).ok();
      djong("image", "generate-key", key).ok();

      String digest = djong("image", "sign", "--key", key + ".key", name).ok().line();

      assertThat(djong("image", "verify", "--key", key + ".pub", name).ok().line())
          .isEqualTo(digest);
      assertThat(djong("image", "verify", "--key", key + ".pub", other).code()).isEqualTo(1);
      assertThat(djong("image", "ls-tags", "docker://" + name).ok().line())
          .contains(digest.replace(':', '-') + ".sig");
      Path policy = folder.resolve("policy.json");
      Files.writeString(
          policy,
          "{\"default\":[{\"type\":\"reject\"}],\"transports\":{\"docker\":{\""
              + registry.host()
              + "\":[{\"type\":\"sigstoreSigned\",\"keyPath\":\""
              + key
              + ".pub\"}]}}}");
      assertThat(djong("image", "verify", "--policy", policy.toString(), name).ok().line())
          .isEqualTo(digest);
      Program.Result refused = djong("image", "verify", "--policy", policy.toString(), other);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err()).contains("is not trusted: it has no signature");
    }
  }
}
