package io.djong.model.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Descriptor;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
  private static final Descriptor CONFIG =
      Descriptor.of(MediaType.OCI_CONFIG, "{}".getBytes(UTF_8));
  private static final Descriptor LAYER =
      Descriptor.of(MediaType.OCI_LAYER, "cargo".getBytes(UTF_8));

  @Test
  void whatIsWrittenReadsBackAsTheSameValueAndBytes() {
    Manifest image = new Manifest.Image(CONFIG, List.of(LAYER), null, Map.of("a", "b"));

    Document<Manifest> written = Manifests.write(MediaType.OCI_MANIFEST, image);

    assertThat(Manifests.read(MediaType.OCI_MANIFEST, written.bytes()).value()).isEqualTo(image);
    assertThat(Manifests.write(MediaType.OCI_MANIFEST, image).digest()).isEqualTo(written.digest());
  }

  @Test
  void anImageWithoutLayersReadsBackToo() {
    Manifest image = new Manifest.Image(CONFIG, List.of(), null, Map.of());

    Document<Manifest> written = Manifests.write(MediaType.OCI_MANIFEST, image);

    assertThat(written.bytes()).asString().contains("\"layers\":[]");
    assertThat(Manifests.read(MediaType.OCI_MANIFEST, written.bytes()).value()).isEqualTo(image);
  }

  @Test
  void aDocumentThatIsBothManifestAndIndexIsRefused() {
    String both = "{\"schemaVersion\":2,\"layers\":[],\"manifests\":[]}";

    assertThatThrownBy(() -> Manifests.read(null, both.getBytes(UTF_8)))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("ambiguous");
  }

  @Test
  void aDocumentThatContradictsItsMediaTypeIsRefused() {
    byte[] index = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(UTF_8);

    assertThatThrownBy(() -> Manifests.read(MediaType.OCI_MANIFEST, index))
        .isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void nestingThatWouldExhaustTheStackIsRefused() {
    byte[] deep = "[".repeat(100_000).getBytes(UTF_8);

    assertThatThrownBy(() -> Json.lean().readTree(deep)).isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void aLongLabelIsRead() {
    String label = "x".repeat(200_000);

    assertThat(Json.lean().readTree(("{\"l\":\"" + label + "\"}").getBytes(UTF_8)))
        .isEqualTo(Map.of("l", label));
  }

  @Test
  void aManifestOverFourMebibytesIsRefused() {
    assertThatThrownBy(() -> Manifests.read(null, new byte[Manifests.MAX_BYTES + 1]))
        .isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void aManifestOfFourMebibytesIsAccepted() {
    StringBuilder json =
        new StringBuilder("{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{\"a\":\"1\"");
    for (int i = 0; json.length() < Manifests.MAX_BYTES - 100_000; i++) {
      json.append(",\"").append(i).append("\":\"").append("x".repeat(30_000)).append('"');
    }
    json.append("}}").append(" ".repeat(Manifests.MAX_BYTES - json.length()));

    Document<Manifest> read = Manifests.read(null, json.toString().getBytes(UTF_8));

    assertThat(read.descriptor().size()).isEqualTo(Manifests.MAX_BYTES);
    assertThat(read.descriptor().mediaType()).isEqualTo(MediaType.OCI_INDEX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schemaVersion\":2,\"manifests\":[],\"manifests\":[]}",
        "{\"schemaVersion\":2,\"manifests\":[],\"\\u006danifests\":[]}",
        "{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{\"a\":\"1\",\"b\":\"2\",\"a\":\"3\"}}",
        "{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{\"a\\/b\":\"1\",\"a/b\":\"2\"}}"
      })
  void aDocumentThatNamesSomethingTwiceIsRefused(String json) {
    assertThatThrownBy(() -> Manifests.read(null, json.getBytes(UTF_8)))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("twice");
  }

  @Test
  void namesThatOnlyLookAlikeAreAccepted() {
    String json =
        "{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{\"a\":\"a\",\"b\":\"a\\\"\",\"\\n\":\"1\",\"n\":\"2\"}}";

    assertThat(Manifests.read(null, json.getBytes(UTF_8)).value().children()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "7",
        "\"text\"",
        "{",
        "{}",
        "{\"schemaVersion\":1,\"manifests\":[]}",
        "{\"schemaVersion\":\"2\",\"manifests\":[]",
        "{\"schemaVersion\":99999999999999999999,\"manifests\":[]}",
        "{\"schemaVersion\":2,\"manifests\":null}",
        "{\"schemaVersion\":2,\"manifests\":{}}",
        "{\"schemaVersion\":2,\"manifests\":[null]}",
        "{\"schemaVersion\":2,\"manifests\":[7]}",
        "{\"schemaVersion\":2,\"manifests\":[{}]}",
        "{\"schemaVersion\":2,\"layers\":[]}",
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"a\",\"digest\":null,\"size\":1}]}",
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"a\",\"digest\":\"sha256:..%2F\",\"size\":1}]}",
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"a\",\"digest\":\"md5:900150983cd24fb0d6963f7d28e17f72\",\"size\":1}]}",
        "{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{\"a\":null}}",
        "{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{\"a\":7",
        "{\"schemaVersion\":2,\"manifests\":[],\"mediaType\":\"text/plain\"}"
      })
  void whatIsNoManifestIsRefused(String json) {
    assertThatThrownBy(() -> Manifests.read(null, json.getBytes(UTF_8)))
        .isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void aNegativeSizeIsRefused() {
    String digest = CONFIG.digest().toString();
    for (String size : List.of("-1", "99999999999999999999", "\"x\"", "[]", "1.5")) {
      String json =
          "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"a\",\"digest\":\""
              + digest
              + "\",\"size\":"
              + size
              + "}]}";
      assertThatThrownBy(() -> Manifests.read(null, json.getBytes(UTF_8)))
          .as(size)
          .isInstanceOf(Fault.Invalid.class);
    }
  }
}
