package io.djong.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.engine.Filters;
import io.djong.engine.ImageTools;
import io.djong.engine.ImageTools.Finding;
import io.djong.layers.ChainId;
import io.djong.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The same where layers are mounted as they came, with a cache of blobs in which nothing has
/// place.
final class MountedImageToolsTest extends ImageToolsTest {
  @Override
  TestMachine machine(Path folder) throws IOException {
    return TestMachine.open(folder, true, 0);
  }

  @Override
  void damage() throws IOException {
    Path tar;
    try (Stream<Path> all = Files.walk(root.resolve("data/layers"))) {
      tar =
          all.filter(path -> path.endsWith("tar") && path.toString().contains(top()))
              .findFirst()
              .orElseThrow();
    }
    try (FileChannel bytes = FileChannel.open(tar, StandardOpenOption.WRITE)) {
      bytes.write(ByteBuffer.wrap(new byte[] {'x'}), 600);
    }
  }

  /// Nobody has its bytes again: it came in an archive, and its blob was not kept.
  @Test
  @Override
  void aDamagedLayerIsFoundAndMendedAlone() throws IOException {
    damage();

    assertThat(tools().check(false).findings()).extracting(Finding::kind).containsOnly("layer");
    assertThat(tools().check(true).isSound()).isFalse();

    images().remove("localhost:1/boat:1", false, false);
    load(boat(), "localhost:1/boat:1");
    assertThat(tools().check(false).findings()).isEmpty();
  }

  @Test
  void anImageIsWholeWithoutTheBlobsOfItsLayers() throws Exception {
    TestArchive packed = new TestArchive().packed().layer("bow/", "bow/anchor=iron");
    load(packed, "packed:1");

    assertThat(images().inspect("packed:1").size()).isEqualTo(4);
    for (Digest blob : packed.blobs()) {
      assertThat(blob(blob)).doesNotExist();
    }
    assertThat(tree("packed:1")).containsEntry("bow/anchor", "iron");
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    images().save(List.of("packed:1"), saved);
    assertThat(saved.size()).isGreaterThan(1024);
    assertThat(tools().check(false).findings()).isEmpty();
  }

  @Test
  void aLayerIsOnTheDiskOnce() throws IOException {
    for (Digest diffId : boat().diffIds()) {
      assertThat(blob(diffId)).doesNotExist();
    }
    ImageTools.Proof proof = tools().check(false);
    assertThat(proof.blobs()).as("config and manifest").isEqualTo(2);
  }

  @Test
  void aLayerThatIsHereIsNotWrittenAgain() throws IOException {
    load(boat(), "localhost:1/boat:2");

    assertThat(images().list(false, Filters.NONE)).hasSize(1);
    assertThat(machine().snapshots().contains(ChainId.of(boat().diffIds()))).isTrue();
    assertThat(tools().check(false).findings()).isEmpty();
  }
}
