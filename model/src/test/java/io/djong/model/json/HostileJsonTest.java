package io.djong.model.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.DockerArchiveImage;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.RunConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever bytes come, the answer is a value or a fault of the sender.
class HostileJsonTest {
  private static final String CONFIG =
      """
      {"created":"2026-01-01T00:00:00Z","architecture":"amd64","os":"linux","config":{"Cmd":["sh"],
      "Env":["A=B"],"ExposedPorts":{"80/tcp":{}},"Labels":{"a":"\\u00e4"},"Healthcheck":{"Test":["CMD"],
      "Interval":1000000000},"ArgsEscaped":true},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},
      "history":[{"created_by":"x","empty_layer":true},{"comment":"y"}]}
      """
          .formatted("a".repeat(64));

  private static final String ARCHIVE =
      "[{\"Config\":\"a.json\",\"RepoTags\":[\"boat:1\"],\"Layers\":[\"b.tar\",\"c.tar\"]}]";

  @Test
  void aConfigIsRead() {
    ImageConfig config = Json.lean().read(ImageConfig.class, CONFIG);

    assertThat(config.rootfs().diffIds()).hasSize(1);
    assertThat(config.history())
        .extracting(ImageConfig.History::emptyLayer)
        .containsExactly(true, false);
    RunConfig run = Objects.requireNonNull(config.config());
    assertThat(run.cmd()).containsExactly("sh");
    assertThat(run.entrypoint()).isNull();
    assertThat(run.exposedPorts()).containsKey("80/tcp");
    assertThat(run.labels()).containsEntry("a", "ä");
  }

  @Test
  void nullsAreTakenForAbsent() {
    String json =
        "{\"architecture\":null,\"os\":null,\"config\":{\"Cmd\":null,\"Env\":null,\"Labels\":null,"
            + "\"Volumes\":null,\"ExposedPorts\":null,\"Entrypoint\":null},\"history\":null,"
            + "\"rootfs\":{\"type\":null,\"diff_ids\":null}}";

    ImageConfig config = Json.lean().read(ImageConfig.class, json);

    assertThat(config.history()).isEmpty();
    assertThat(config.rootfs().diffIds()).isEmpty();
  }

  @Test
  void aConfigWithoutLayersOrWithBadOnesIsRefused() {
    for (String json :
        List.of(
            "{}",
            "{\"rootfs\":null}",
            "{\"rootfs\":{\"diff_ids\":[null]}}",
            "{\"rootfs\":{\"diff_ids\":[\"\"]}}",
            "{\"rootfs\":{\"diff_ids\":[\"sha256:XYZ\"]}}",
            "{\"rootfs\":{\"diff_ids\":\"x\"}}",
            "{\"rootfs\":[]}",
            "{\"config\":{\"Env\":[null]},\"rootfs\":{}}",
            "{\"config\":{\"Env\":\"x\"},\"rootfs\":{}}")) {
      assertThatThrownBy(() -> Json.lean().read(ImageConfig.class, json))
          .as(json)
          .isInstanceOf(Fault.Invalid.class);
    }
  }

  @Test
  void damagedDocumentsAreFaultsOfTheSender() {
    Random random = new Random(2026);
    for (int round = 0; round < 5000; round++) {
      byte[] config = damaged(CONFIG, random);
      byte[] archive = damaged(ARCHIVE, random);
      readsOrRefuses(() -> Json.lean().read(ImageConfig.class, config));
      readsOrRefuses(() -> Json.lean().readTree(config));
      readsOrRefuses(() -> Manifests.read(null, config));
      readsOrRefuses(() -> Json.lean().readList(DockerArchiveImage.class, archive));
    }
  }

  @Test
  void documentsCutOffAnywhereAreRefused() {
    byte[] whole = CONFIG.strip().getBytes(UTF_8);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Json.lean().read(ImageConfig.class, cut))
          .isInstanceOf(Fault.Invalid.class);
    }
  }

  private static byte[] damaged(String document, Random random) {
    byte[] bytes = document.getBytes(UTF_8);
    for (int i = random.nextInt(4); i >= 0; i--) {
      byte[] alphabet = "\"\\{}[],:0-eE.nulltrue \0\u00ff".getBytes(UTF_8);
      bytes[random.nextInt(bytes.length)] = alphabet[random.nextInt(alphabet.length)];
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static void readsOrRefuses(Runnable reading) {
    try {
      reading.run();
    } catch (Fault.Invalid e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }
}
