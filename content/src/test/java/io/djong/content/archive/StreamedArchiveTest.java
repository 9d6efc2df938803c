package io.djong.content.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.content.LayerIntake;
import io.djong.content.MemoryIntake;
import io.djong.content.TestImages;
import io.djong.model.Digest;
import io.djong.model.MediaType;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// Everything that holds for archives, where their layers go to an intake while they stream by.
class StreamedArchiveTest extends ImageArchiveTest {
  private final MemoryIntake intake = new MemoryIntake();

  @Override
  LayerIntake intake() {
    return intake;
  }

  @Override
  void assertLayerIsThere(String mediaType, byte[] layer) throws IOException {
    if (mediaType.equals(MediaType.OCI_LAYER)) {
      assertThat(intake.layers()).containsKey(Digest.of(layer));
      assertThat(store().blobs().size(Digest.of(layer))).as("a plain layer is kept once").isEmpty();
    } else {
      super.assertLayerIsThere(mediaType, layer);
      assertThat(intake.layers()).containsKey(Digest.of(unpacked(layer)));
    }
  }

  private static byte[] unpacked(byte[] gzip) throws IOException {
    return new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(gzip)).readAllBytes();
  }

  @Test
  void layersThatAreHereArePassedOverWhateverTheArchiveHasInTheirPlace() throws Exception {
    byte[] known = TestImages.layer("base", "planks");
    byte[] other = new byte[known.length];
    intake.layers().put(Digest.of(known), known);
    byte[] config = TestImages.config("amd64", java.util.List.of(Digest.of(known)));
    String path = ArchiveBuilder.blobPath(known);
    byte[] archive =
        new ArchiveBuilder()
            .file(path, other)
            .file("config.json", config)
            .file("manifest.json", docker("config.json", "boat:latest", path))
            .build();

    assertThat(load(archive)).containsExactly("boat:latest");

    assertThat(intake.layers().get(Digest.of(known))).isEqualTo(known);
  }

  @Test
  void aPackedLayerThatIsKnownToBeHereIsPassedOver() throws Exception {
    byte[] known = TestImages.layer("base", "planks");
    byte[] packed = TestImages.gzip(known);
    intake.layers().put(Digest.of(known), known);
    intake.know(Digest.of(packed), Digest.of(known));
    byte[] config = TestImages.config("amd64", java.util.List.of(Digest.of(known)));
    String path = ArchiveBuilder.blobPath(packed);
    byte[] archive =
        new ArchiveBuilder()
            .file(path, packed)
            .file("config.json", config)
            .file("manifest.json", docker("config.json", "boat:latest", path))
            .build();

    assertThat(load(archive)).containsExactly("boat:latest");

    assertThat(store().blobs().size(Digest.of(packed))).isEmpty();
  }
}
