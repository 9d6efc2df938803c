package io.djong.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.LocalImages.Swept;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Reference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalImagesTest {
  private static final byte[] CARGO = "cargo".getBytes(UTF_8);

  private TestImages store;
  private LocalImages local;

  @BeforeEach
  void newStore() throws IOException {
    store = new TestImages();
    local = store.local();
  }

  @Test
  void aNameResolvesToItsManifest() throws IOException {
    Document<Manifest> image = store.named("boat", store.image("amd64", CARGO));

    assertThat(local.resolve(Reference.parse("boat:latest")).digest()).isEqualTo(image.digest());
    Manifest.Image value = (Manifest.Image) image.value();
    assertThat(local.config(value).value().rootfs().diffIds()).containsExactly(Digest.of(CARGO));
    assertThatThrownBy(() -> local.resolve(Reference.parse("ship")))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessage("No such image: ship:latest");
  }

  @Test
  void aSweepLeavesWhatNamesAndRootsNeedAndFreesTheRest() throws IOException {
    Document<Manifest> named = store.named("boat", store.image("amd64", CARGO));
    Document<Manifest> root = store.image("amd64", CARGO, "used".getBytes(UTF_8));
    Document<Manifest> garbage = store.image("amd64", CARGO, "unused".getBytes(UTF_8));

    Swept swept = local.sweep(List.of(root.digest()));

    assertThat(swept.blobs()).isEqualTo(3);
    assertThat(swept.bytes()).isGreaterThan(garbage.descriptor().size());
    assertComplete(named);
    assertComplete(root);
    assertThat(store.blobs().size(garbage.digest())).isEmpty();
    assertThat(store.blobs().list()).hasSize(6);
    assertThat(local.sweep(List.of(root.digest()))).isEqualTo(new Swept(0, 0));
  }

  @Test
  void aSweepFollowsIndexesOfIndexes() throws IOException {
    Document<Manifest> image = store.image("amd64", CARGO);
    Document<Manifest> inner = store.index(Map.of("amd64", image));
    Document<Manifest> outer = store.named("fleet", store.index(Map.of("amd64", inner)));

    assertThat(local.sweep(List.of()).blobs()).isZero();

    assertComplete(image);
    store.names().delete(Reference.parse("fleet"));
    assertThat(local.sweep(List.of(outer.digest())).blobs()).isZero();
    assertThat(local.sweep(List.of()).blobs()).isEqualTo(5);
  }

  @Test
  void aManifestThatPosesAsALayerOfAnotherKeepsItsOwnLayers() throws IOException {
    Document<Manifest> victim = store.image("amd64", CARGO);
    Descriptor config = store.blob(MediaType.OCI_CONFIG, TestImages.config("amd64", List.of()));
    Descriptor disguised =
        Descriptor.of(MediaType.OCI_LAYER, victim.digest(), victim.descriptor().size());
    Document<Manifest> hostile =
        store.stored(
            MediaType.OCI_MANIFEST, new Manifest.Image(config, List.of(disguised), null, Map.of()));
    store.named("a-hostile", hostile);
    store.named("b-victim", victim);

    local.sweep(List.of(victim.digest()));

    assertComplete(victim);
  }

  @Test
  void aManifestThatIsNotThereNeedsNothing() throws IOException {
    store.names().put(Reference.parse("hole"), Descriptor.of(MediaType.OCI_MANIFEST, CARGO));
    store.blob(MediaType.OCI_LAYER, CARGO);

    assertThat(local.sweep(List.of(Digest.of("nothing".getBytes(UTF_8)))).blobs()).isZero();
  }

  @Test
  void aLeaseHoldsWhatIsAskedForAndWhatIsWritten() throws IOException {
    Descriptor old = store.blob(MediaType.OCI_LAYER, CARGO);
    byte[] fresh = "fresh".getBytes(UTF_8);

    try (Lease lease = local.lease()) {
      ImageTarget target = local.target(lease);
      assertThat(target.contains(TestImages.ANYWHERE, old)).isTrue();
      target.put(
          TestImages.ANYWHERE,
          Descriptor.of(MediaType.OCI_LAYER, fresh),
          new ByteArrayInputStream(fresh));

      assertThat(local.sweep(List.of()).blobs()).isZero();
    }

    assertThat(local.sweep(List.of()).blobs()).isEqualTo(2);
  }

  @Test
  void aLeaseOnAManifestHoldsWhatItNeeds() throws IOException {
    Document<Manifest> image = store.image("amd64", CARGO);

    try (Lease lease = local.lease()) {
      lease.keep(image.digest());
      assertThat(local.sweep(List.of()).blobs()).isZero();
    }
  }

  @Test
  void aBlobOfAnotherSizeIsNotTakenForGood() throws IOException {
    store.blob(MediaType.OCI_LAYER, CARGO);

    try (Lease lease = local.lease()) {
      Descriptor longer = Descriptor.of(MediaType.OCI_LAYER, Digest.of(CARGO), 6);
      assertThat(local.target(lease).contains(TestImages.ANYWHERE, longer)).isFalse();
    }
  }

  @Test
  void bytesThatWereNotPromisedLeaveNothingBehind() throws IOException {
    Descriptor promised = Descriptor.of(MediaType.OCI_LAYER, CARGO);

    try (Lease lease = local.lease()) {
      ImageTarget target = local.target(lease);
      for (String bytes : List.of("carg", "cargo!", "curse", "")) {
        assertThatThrownBy(
                () ->
                    target.put(
                        TestImages.ANYWHERE,
                        promised,
                        new ByteArrayInputStream(bytes.getBytes(UTF_8))))
            .isInstanceOf(Fault.Invalid.class);
      }
    }

    assertThat(store.blobs().list()).isEmpty();
    assertThat(store.blobs().uploads()).isZero();
  }

  @Test
  void copiesAndSweepsAtTheSameTimeLoseNothing() throws Exception {
    TestImages elsewhere = new TestImages();
    Map<String, Document<Manifest>> images = new TreeMap<>();
    for (int i = 0; i < 30; i++) {
      byte[] own = ("own" + i).getBytes(UTF_8);
      images.put("image" + i, elsewhere.named("image" + i, elsewhere.image("amd64", CARGO, own)));
    }
    ImageCopy copy = new ImageCopy(ImageCopy.Words.PULL, 2);

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> sweeping =
          threads.submit(
              () -> {
                while (!Thread.interrupted()) {
                  local.sweep(List.of());
                }
                return null;
              });
      for (String name : images.keySet()) {
        try (Lease lease = local.lease()) {
          Reference reference = Reference.parse(name);
          copy.copy(
              elsewhere.local(),
              reference,
              local.target(lease),
              reference,
              PlatformChoice.ALL,
              event -> {});
        }
      }
      sweeping.cancel(true);
    }

    for (Document<Manifest> image : images.values()) {
      assertComplete(image);
    }
  }

  private void assertComplete(Document<Manifest> manifest) throws IOException {
    assertThat(store.blobs().size(manifest.digest())).isPresent();
    for (Descriptor child : manifest.value().children()) {
      assertThat(store.blobs().size(child.digest())).hasValue(child.size());
    }
  }
}
