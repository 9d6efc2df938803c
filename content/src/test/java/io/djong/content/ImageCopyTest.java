package io.djong.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.ImageCopy.Words;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Platform;
import io.djong.model.Progress;
import io.djong.model.Reference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImageCopyTest {
  private static final Reference BOAT = Reference.parse("boat");
  private static final byte[] FIRST = "first".getBytes(UTF_8);
  private static final byte[] SECOND = "second".getBytes(UTF_8);
  private static final PlatformChoice AMD64 = PlatformChoice.only(Platform.of("linux", "amd64"));

  private final ImageCopy copy = new ImageCopy(Words.PULL, 3);
  private TestImages from;
  private TestImages to;

  @BeforeEach
  void newStores() throws IOException {
    from = new TestImages();
    to = new TestImages();
  }

  @Test
  void anImageArrivesWholeAndIsNamedLast() throws Exception {
    Document<Manifest> image = from.named("boat", from.image("amd64", FIRST, SECOND));

    Descriptor copied = copy(AMD64, from.local(), Progress.NONE);

    assertThat(copied.digest()).isEqualTo(image.digest());
    assertThat(to.names().get(BOAT)).isEqualTo(image.descriptor());
    assertThat(to.local().sweep(List.of()).blobs()).isZero();
    assertThat(to.blobs().list()).hasSize(4);
  }

  @Test
  void ofAnIndexTheChosenPlatformArrives() throws Exception {
    Document<Manifest> amd64 = from.image("amd64", FIRST);
    Document<Manifest> arm64 = from.image("arm64", SECOND);
    from.named("boat", from.index(new TreeMap<>(Map.of("amd64", amd64, "arm64", arm64))));

    assertThat(copy(AMD64, from.local(), Progress.NONE).digest()).isEqualTo(amd64.digest());
    assertThat(to.blobs().size(Digest.of(SECOND))).isEmpty();

    copy(PlatformChoice.ALL, from.local(), Progress.NONE);
    assertThat(to.blobs().list()).hasSize(7);
  }

  @Test
  void aPlatformThatIsNotThereIsSaidSo() throws IOException {
    from.named("boat", from.index(Map.of("arm64", from.image("arm64", FIRST))));

    assertThatThrownBy(() -> copy(AMD64, from.local(), Progress.NONE))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("linux/amd64");
    assertThat(to.blobs().list()).isEmpty();
  }

  @Test
  void whatIsThereAlreadyIsNotReadAgain() throws Exception {
    from.named("boat", from.image("amd64", FIRST, SECOND));
    to.blob(MediaType.OCI_LAYER, FIRST);
    List<Digest> opened = Collections.synchronizedList(new ArrayList<>());
    List<String> said = Collections.synchronizedList(new ArrayList<>());

    copy(AMD64, new Watched(from.local(), opened::add), event -> said.add(event.status()));

    assertThat(opened).contains(Digest.of(SECOND)).doesNotContain(Digest.of(FIRST));
    assertThat(said).contains("Already exists", "Downloading", "Download complete");
  }

  @Test
  void aLayerThatIsListedTwiceComesOnce() throws Exception {
    from.named("boat", from.image("amd64", FIRST, SECOND, FIRST));
    List<Digest> opened = Collections.synchronizedList(new ArrayList<>());

    copy(AMD64, new Watched(from.local(), opened::add), Progress.NONE);

    assertThat(opened).filteredOn(Digest.of(FIRST)::equals).hasSize(1);
    assertThat(to.names().get(BOAT)).isNotNull();
  }

  @Test
  void aLayerWithOtherBytesThanPromisedStopsTheCopy() throws IOException {
    from.named("boat", from.image("amd64", FIRST, SECOND));

    for (String bytes : List.of("", "secon", "second!", "sekond")) {
      ImageSource lying =
          new Watched(from.local(), opened -> {}) {
            @Override
            public InputStream open(Reference.Repository repository, Descriptor blob)
                throws IOException {
              return blob.digest().equals(Digest.of(SECOND))
                  ? new ByteArrayInputStream(bytes.getBytes(UTF_8))
                  : super.open(repository, blob);
            }
          };
      assertThatThrownBy(() -> copy(AMD64, lying, Progress.NONE))
          .isInstanceOf(Fault.Invalid.class)
          .hasMessageContaining(Digest.of(SECOND).toString());
    }

    assertThat(to.names().list()).isEmpty();
    to.local().sweep(List.of());
    assertThat(to.blobs().list()).isEmpty();
    assertThat(to.blobs().uploads()).isZero();
  }

  @Test
  void aBrokenSourceIsReportedAsItIs() throws IOException {
    from.named("boat", from.image("amd64", FIRST));
    ImageSource broken =
        new Watched(from.local(), opened -> {}) {
          @Override
          public InputStream open(Reference.Repository repository, Descriptor blob)
              throws IOException {
            throw new IOException("connection reset");
          }
        };

    assertThatThrownBy(() -> copy(AMD64, broken, Progress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessage("connection reset");
  }

  @Test
  void aConfigWithAnotherNumberOfLayersIsRefused() throws IOException {
    Descriptor config =
        from.blob(MediaType.OCI_CONFIG, TestImages.config("amd64", List.of(Digest.of(FIRST))));
    List<Descriptor> layers =
        List.of(from.blob(MediaType.OCI_LAYER, FIRST), from.blob(MediaType.OCI_LAYER, SECOND));
    from.named(
        "boat",
        from.stored(MediaType.OCI_MANIFEST, new Manifest.Image(config, layers, null, Map.of())));

    assertThatThrownBy(() -> copy(AMD64, from.local(), Progress.NONE))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("contradicts itself");
  }

  @Test
  void indexesWithoutEndAreRefused() throws IOException {
    Document<Manifest> document = from.image("amd64", FIRST);
    for (int i = 0; i < 10; i++) {
      document = from.index(Map.of("amd64", document));
    }
    from.named("boat", document);

    assertThatThrownBy(() -> copy(AMD64, from.local(), Progress.NONE))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("nested");
    assertThatThrownBy(() -> copy(PlatformChoice.ALL, from.local(), Progress.NONE))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("nested");
  }

  @Test
  void theBestVariantComesFirst() {
    PlatformChoice.Only v7 = new PlatformChoice.Only(new Platform("arm", "linux", null, "v7"));
    Descriptor v5 = offered("arm", "v5");
    Descriptor v6 = offered("arm", "v6");
    Descriptor v8 = offered("arm", "v8");
    Descriptor plain = offered("arm", null);
    Descriptor other = offered("amd64", null);

    assertThat(v7.candidates(List.of(v5, v8, other, v6))).containsExactly(v6, v5);
    assertThat(v7.candidates(List.of(v6, plain))).containsExactly(plain, v6);
  }

  private Descriptor copy(PlatformChoice choice, ImageSource source, Progress progress)
      throws IOException, InterruptedException {
    try (Lease lease = to.local().lease()) {
      return copy.copy(source, BOAT, to.local().target(lease), BOAT, choice, progress);
    }
  }

  private static Descriptor offered(
      String architecture, @org.jspecify.annotations.Nullable String variant) {
    return new Descriptor(
        MediaType.OCI_MANIFEST,
        Digest.of((architecture + variant).getBytes(UTF_8)),
        1,
        new Platform(architecture, "linux", null, variant),
        Map.of());
  }

  private static class Watched implements ImageSource {
    private final ImageSource source;
    private final java.util.function.Consumer<Digest> watcher;

    Watched(ImageSource source, java.util.function.Consumer<Digest> watcher) {
      this.source = source;
      this.watcher = watcher;
    }

    @Override
    public Document<Manifest> resolve(Reference reference) throws IOException {
      return source.resolve(reference);
    }

    @Override
    public InputStream open(Reference.Repository repository, Descriptor blob) throws IOException {
      watcher.accept(blob.digest());
      return source.open(repository, blob);
    }
  }
}
