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
  void aManifestOverFourMebibytesIsRefused() {
    assertThatThrownBy(() -> Manifests.read(null, new byte[Manifests.MAX_BYTES + 1]))
        .isInstanceOf(Fault.Invalid.class);
  }
}
