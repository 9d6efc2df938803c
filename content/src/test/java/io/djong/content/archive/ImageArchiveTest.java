package io.djong.content.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.Compression;
import io.djong.content.ImageCopy;
import io.djong.content.ImageTarget;
import io.djong.content.LayerIntake;
import io.djong.content.Lease;
import io.djong.content.PlatformChoice;
import io.djong.content.TestImages;
import io.djong.content.archive.ImageArchive.ArchivedImage;
import io.djong.content.tar.TarEntry;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Platform;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.json.Manifests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImageArchiveTest {
  private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}";
  private static final String FULL_NAME = "io.containerd.image.name";
  private static final String REF_NAME = "org.opencontainers.image.ref.name";

  private TestImages store;
  private byte[] base;
  private byte[] top;
  private byte[] config;

  @BeforeEach
  void newStore() throws IOException {
    store = new TestImages();
    base = TestImages.layer("base", "planks");
    top = TestImages.layer("top", "sails");
    config = TestImages.config("amd64", List.of(Digest.of(base), Digest.of(top)));
  }

  @Test
  void theOldFormOfDockersArchiveIsRead() throws Exception {
    byte[] archive =
        new ArchiveBuilder()
            .entry(TarEntry.folder("one", 0755, Instant.EPOCH))
            .file("one/VERSION", "1.0")
            .file("one/json", "{}")
            .file("one/layer.tar", base)
            .file("two/layer.tar", top)
            .file(Digest.of(config).hex() + ".json", config)
            .file("repositories", "{\"boat\":{\"latest\":\"two\"}}")
            .file(
                "manifest.json",
                docker(
                    Digest.of(config).hex() + ".json",
                    "boat:latest",
                    "one/layer.tar",
                    "two/layer.tar"))
            .build();

    assertThat(load(archive)).containsExactly("boat:latest");
    assertLayersAre(MediaType.OCI_LAYER, base, top);
  }

  @Test
  void linksToSharedLayersAreFollowedInsideTheArchive() throws Exception {
    byte[] archive =
        new ArchiveBuilder()
            .entry(TarEntry.symlink("one/layer.tar", "../base.tar", Instant.EPOCH))
            .entry(TarEntry.symlink("two/layer.tar", "./../three/layer.tar", Instant.EPOCH))
            .entry(TarEntry.symlink("three/layer.tar", "../top.tar", Instant.EPOCH))
            .file("base.tar", base)
            .file("top.tar", top)
            .file("config.json", config)
            .file(
                "manifest.json",
                docker("config.json", "boat:latest", "one/layer.tar", "two/layer.tar"))
            .build();

    load(archive);

    assertLayersAre(MediaType.OCI_LAYER, base, top);
  }

  @Test
  void compressedLayersStayAsTheyCame() throws Exception {
    byte[] archive =
        new ArchiveBuilder()
            .file("a.tar", TestImages.gzip(base))
            .file("b.tar", TestImages.gzip(top))
            .file("config.json", config)
            .file("manifest.json", docker("config.json", "boat:latest", "a.tar", "b.tar"))
            .build();

    load(archive);

    assertLayersAre(MediaType.OCI_LAYER_GZIP, TestImages.gzip(base), TestImages.gzip(top));
  }

  @Test
  void aWholeArchiveMayBeCompressed() throws Exception {
    assertThat(load(TestImages.gzip(dockerArchive()))).containsExactly("boat:latest");
    assertThatThrownBy(() -> load(new byte[] {'B', 'Z', 'h', '9', '1', 'A', 'Y'}))
        .isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void anOciLayoutIsReadWithItsNames() throws Exception {
    byte[] archive = layout(Map.of(FULL_NAME, "docker.io/library/boat:1", REF_NAME, "1"));

    assertThat(load(archive)).containsExactly("boat:1");
    assertLayersAre(MediaType.OCI_LAYER, base, top);
  }

  @Test
  void aTagAloneIsNoName() throws Exception {
    assertThat(load(layout(Map.of(REF_NAME, "latest")))).isEmpty();
    assertThat(load(layout(Map.of(REF_NAME, "quay.io/a/boat:2"))))
        .containsExactly("quay.io/a/boat:2");
    assertThat(load(layout(Map.of(REF_NAME, "boat:3")))).containsExactly("boat:3");
  }

  @Test
  void whereAnArchiveIsBothFormsAnImageIsFoundOnceWithAllItsNames() throws Exception {
    Document<Manifest> manifest = manifest();
    byte[] archive =
        new ArchiveBuilder()
            .blob(base)
            .blob(top)
            .blob(config)
            .blob(manifest.bytes())
            .file(
                "index.json",
                index(manifest.descriptor(), Map.of(FULL_NAME, "docker.io/library/boat:1")))
            .file(
                "manifest.json",
                docker(
                    ArchiveBuilder.blobPath(config),
                    "boat:2",
                    ArchiveBuilder.blobPath(base),
                    ArchiveBuilder.blobPath(top)))
            .file("oci-layout", LAYOUT)
            .build();

    List<ArchivedImage> images = read(archive);

    assertThat(images).hasSize(1);
    assertThat(images.getFirst().manifest().digest()).isEqualTo(manifest.digest());
    assertThat(images.getFirst().names())
        .containsExactly(Reference.parse("boat:1"), Reference.parse("boat:2"));
  }

  @Test
  void ofAnIndexOfIndexesThePlatformThatIsThereIsChosen() throws Exception {
    Document<Manifest> manifest = manifest();
    Descriptor absent =
        new Descriptor(
            MediaType.OCI_MANIFEST,
            Digest.of("absent".getBytes(UTF_8)),
            100,
            Platform.of("linux", "arm64"),
            Map.of());
    Document<Manifest> inner =
        Manifests.write(
            MediaType.OCI_INDEX,
            new Manifest.Index(
                List.of(absent, withPlatform(manifest.descriptor(), "amd64")), null, Map.of()));
    byte[] archive =
        new ArchiveBuilder()
            .file("oci-layout", LAYOUT)
            .file(
                "index.json",
                index(inner.descriptor(), Map.of(FULL_NAME, "docker.io/library/boat:1")))
            .blob(inner.bytes())
            .blob(manifest.bytes())
            .blob(config)
            .blob(base)
            .blob(top)
            .build();

    load(archive);

    assertThat(store.names().get(Reference.parse("boat:1"))).isEqualTo(manifest.descriptor());
  }

  @Test
  void aLayerThatIsListedTwiceIsLoaded() throws Exception {
    byte[] twice = TestImages.config("amd64", List.of(Digest.of(base), Digest.of(base)));
    byte[] archive =
        new ArchiveBuilder()
            .file("base.tar", base)
            .file("config.json", twice)
            .file("manifest.json", docker("config.json", "boat:latest", "base.tar", "base.tar"))
            .build();

    assertThat(load(archive)).containsExactly("boat:latest");
  }

  @Test
  void anArchiveCutOffAnywhereIsRefusedAndLeavesNothing() throws Exception {
    for (byte[] whole :
        List.of(dockerArchive(), layout(Map.of(FULL_NAME, "docker.io/library/boat:1")))) {
      int end = whole.length - 1024;
      for (int length = 1; length < end; length += 499) {
        refuses(Arrays.copyOf(whole, length), "");
      }
      byte[] zipped = TestImages.gzip(whole);
      for (int length = 7; length < zipped.length; length += 97) {
        refuses(Arrays.copyOf(zipped, length), "");
      }
    }
  }

  @Test
  void noDamagedByteOfALayoutGoesUnnoticed() throws Exception {
    byte[] whole = layout(Map.of(FULL_NAME, "docker.io/library/boat:1"));

    for (int i = 0; i < whole.length - 1024; i += 37) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x20;
      try {
        load(damaged);
        // Padding, or a time or mode that nobody needs: then the image is what it was.
        assertThat(store.blobs().size(manifest().digest())).isPresent();
      } catch (Fault.Invalid | Fault.Unsupported | Fault.NotFound e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
      forget();
    }
  }

  @Test
  void whatIsNoImageArchiveIsSaidSo() throws Exception {
    refuses(new byte[0], "import");
    refuses(new ArchiveBuilder().file("etc/passwd", "root").build(), "import");
    refuses("not a tar at all, but long enough to be one. ".repeat(50).getBytes(UTF_8), "");
    refuses(new ArchiveBuilder().file("index.json", "{}").build(), "oci-layout");
  }

  @Test
  void onlyFilesAndFoldersAreAccepted() throws Exception {
    TarEntry file = TarEntry.file("fifo", 0644, 0, Instant.EPOCH);
    for (TarEntry.Kind kind :
        List.of(TarEntry.Kind.FIFO, TarEntry.Kind.CHARACTER_DEVICE, TarEntry.Kind.BLOCK_DEVICE)) {
      TarEntry special =
          new TarEntry(
              kind,
              file.name(),
              0644,
              0,
              0,
              0,
              Instant.EPOCH,
              null,
              new byte[0],
              1,
              3,
              file.xattrs());
      refuses(new ArchiveBuilder().entry(special).build(), "neither a file nor a folder");
    }
    refuses(
        new ArchiveBuilder()
            .entry(TarEntry.hardLink("layer.tar", "/etc/shadow", Instant.EPOCH))
            .build(),
        "neither a file nor a folder");
  }

  @Test
  void linksOutOfTheArchiveAreRefused() throws Exception {
    for (String target : List.of("/etc/shadow", "../../etc/shadow", "../..", "x/../../../y")) {
      refuses(
          new ArchiveBuilder()
              .entry(TarEntry.symlink("one/layer.tar", target, Instant.EPOCH))
              .file("config.json", config)
              .file("manifest.json", docker("config.json", "boat:latest", "one/layer.tar"))
              .build(),
          "link out of it");
    }
  }

  @Test
  void linksWithoutEndAreRefused() throws Exception {
    refuses(
        new ArchiveBuilder()
            .entry(TarEntry.symlink("a", "b", Instant.EPOCH))
            .entry(TarEntry.symlink("b", "a", Instant.EPOCH))
            .file("config.json", config)
            .file("manifest.json", docker("config.json", "boat:latest", "a", "b"))
            .build(),
        "without end");
  }

  @Test
  void pathsOutOfTheArchiveAreRefused() throws Exception {
    refuses(new ArchiveBuilder().file("../outside", "x").build(), "leads out");
    refuses(new ArchiveBuilder().file("a/../../outside", "x").build(), "leads out");
    refuses(archiveOf("../../../../etc/hostname", "base.tar", "top.tar"), "leads out");
    refuses(archiveOf("config.json", "/etc/hostname", "top.tar"), "does not hold");
  }

  @Test
  void aBlobThatIsNotWhatItsNameSaysIsRefused() throws Exception {
    refuses(new ArchiveBuilder().file(ArchiveBuilder.blobPath(base), top).build(), "not those of");
    refuses(new ArchiveBuilder().file("blobs/sha256/..%2Fx", base).build(), "digest");
    refuses(new ArchiveBuilder().file("blobs/md5/" + "a".repeat(32), base).build(), "algorithm");
    refuses(new ArchiveBuilder().file("blobs/sha256/" + "A".repeat(64), base).build(), "digest");
    refuses(new ArchiveBuilder().file("blobs/x", base).build(), "no blob");
  }

  @Test
  void aConfigThatIsNotWhatItsNameSaysIsRefused() throws Exception {
    String wrong = "0".repeat(64) + ".json";

    refuses(
        new ArchiveBuilder()
            .file(wrong, config)
            .file("base.tar", base)
            .file("top.tar", top)
            .file("manifest.json", docker(wrong, "boat:latest", "base.tar", "top.tar"))
            .build(),
        "has the digest");
  }

  @Test
  void layersThatAreNotThoseOfTheConfigAreRefused() throws Exception {
    refuses(archiveOf("config.json", "top.tar", "base.tar"), "its image's config says");
    refuses(archiveOf("config.json", "base.tar"), "has 2 layers, manifest.json 1");
    refuses(archiveOf("config.json", "base.tar", "top.tar", "top.tar"), "manifest.json 3");
  }

  @Test
  void aFileThatIsThereTwiceWithOtherContentIsRefused() throws Exception {
    refuses(new ArchiveBuilder().file("a", base).file("./a", top).build(), "twice");
    refuses(
        new ArchiveBuilder().file("manifest.json", "[]").file("manifest.json", "[]").build(),
        "twice");
  }

  @Test
  void hostileDocumentsAreRefused() throws Exception {
    String deep = "[".repeat(100_000);
    for (String document :
        List.of(
            "",
            "{}",
            "null",
            "[null]",
            "[{}]",
            "[1]",
            "{\"Config\":1}",
            deep,
            "[{\"Config\":[]}]",
            "[{\"Config\":\"a\",\"Layers\":\"b\"}]",
            "[{\"Config\":\"a\",\"Layers\":[null]}]",
            "\0",
            "[{\"Config\":\"\\ud800\"}]")) {
      refuses(new ArchiveBuilder().file("manifest.json", document).build(), "");
      refuses(
          new ArchiveBuilder().file("oci-layout", LAYOUT).file("index.json", document).build(), "");
      refuses(
          new ArchiveBuilder()
              .file("oci-layout", document)
              .file("index.json", "{\"schemaVersion\":2,\"manifests\":[]}")
              .build(),
          "");
      refuses(
          new ArchiveBuilder()
              .file("config.json", document)
              .file("manifest.json", docker("config.json", "boat:latest"))
              .build(),
          "");
    }
    refuses(new ArchiveBuilder().file("manifest.json", new byte[(4 << 20) + 1]).build(), "4 MiB");
    refuses(
        new ArchiveBuilder()
            .file("config.json", new byte[(4 << 20) + 1])
            .file("manifest.json", docker("config.json", "boat:latest"))
            .build(),
        "too large");
  }

  @Test
  void aNameThatIsNoReferenceIsRefused() throws Exception {
    for (String name : List.of("UPPER", "a b", "../../x", "-x", "", "a".repeat(5000))) {
      refuses(
          new ArchiveBuilder()
              .file("config.json", config)
              .file("base.tar", base)
              .file("top.tar", top)
              .file("manifest.json", docker("config.json", name, "base.tar", "top.tar"))
              .build(),
          "");
    }
  }

  @Test
  void aLayoutThatNamesWhatItDoesNotHoldIsRefused() throws Exception {
    Document<Manifest> manifest = manifest();
    // The machine has the layer already; the archive must not get at it.
    store.blob(MediaType.OCI_LAYER, base);
    byte[] archive =
        new ArchiveBuilder()
            .file("oci-layout", LAYOUT)
            .file("index.json", index(manifest.descriptor(), Map.of()))
            .blob(manifest.bytes())
            .blob(top)
            .build();

    assertThatThrownBy(() -> load(archive))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("does not hold");
    forget();
  }

  @Test
  void aBombIsStopped() throws Exception {
    byte[] bomb =
        TestImages.gzip(new ArchiveBuilder().file("layer.tar", new byte[8 << 20]).build());
    Compression.Limits limits = new Compression.Limits(1L << 40, 1 << 20, 100);

    try (Lease lease = store.local().lease()) {
      assertThatThrownBy(
              () -> ImageArchive.read(new ByteArrayInputStream(bomb), store.blobs(), lease, limits))
          .isInstanceOf(Fault.Invalid.class)
          .hasMessageContaining("bomb");
    }
    assertThat(store.blobs().uploads()).isZero();
  }

  private byte[] dockerArchive() throws IOException {
    return archiveOf("config.json", "base.tar", "top.tar");
  }

  private byte[] archiveOf(String configPath, String... layers) throws IOException {
    return new ArchiveBuilder()
        .file("base.tar", base)
        .file("top.tar", top)
        .file("config.json", config)
        .file("manifest.json", docker(configPath, "boat:latest", layers))
        .build();
  }

  private byte[] layout(Map<String, String> annotations) throws IOException {
    Document<Manifest> manifest = manifest();
    return new ArchiveBuilder()
        .file("oci-layout", LAYOUT)
        .file("index.json", index(manifest.descriptor(), annotations))
        .blob(manifest.bytes())
        .blob(config)
        .blob(base)
        .blob(top)
        .build();
  }

  private Document<Manifest> manifest() {
    return Manifests.write(
        MediaType.OCI_MANIFEST,
        new Manifest.Image(
            Descriptor.of(MediaType.OCI_CONFIG, config),
            List.of(
                Descriptor.of(MediaType.OCI_LAYER, base), Descriptor.of(MediaType.OCI_LAYER, top)),
            null,
            Map.of()));
  }

  private static byte[] index(Descriptor manifest, Map<String, String> annotations) {
    Descriptor entry =
        new Descriptor(manifest.mediaType(), manifest.digest(), manifest.size(), null, annotations);
    return Manifests.write(MediaType.OCI_INDEX, new Manifest.Index(List.of(entry), null, Map.of()))
        .bytes();
  }

  private static Descriptor withPlatform(Descriptor manifest, String architecture) {
    return new Descriptor(
        manifest.mediaType(),
        manifest.digest(),
        manifest.size(),
        Platform.of("linux", architecture),
        Map.of());
  }

  static String docker(String config, String name, String... layers) {
    return "[{\"Config\":\""
        + config
        + "\",\"RepoTags\":[\""
        + name
        + "\"],\"Layers\":["
        + String.join(",", Arrays.stream(layers).map(layer -> "\"" + layer + "\"").toList())
        + "]}]";
  }

  private List<ArchivedImage> read(byte[] archive) throws IOException {
    try (Lease lease = store.local().lease()) {
      return ImageArchive.read(
              new ByteArrayInputStream(archive), store.blobs(), lease, Compression.Limits.LAYER)
          .images();
    }
  }

  /// Loads as the engine does.
  List<String> load(byte[] bytes) throws IOException, InterruptedException {
    ImageCopy copy = new ImageCopy(ImageCopy.Words.LOAD, 2);
    PlatformChoice amd64 = PlatformChoice.only(Platform.of("linux", "amd64"));
    List<String> loaded = new ArrayList<>();
    try (Lease lease = store.local().lease()) {
      ImageArchive archive =
          ImageArchive.read(
              new ByteArrayInputStream(bytes),
              store.blobs(),
              lease,
              intake(),
              Compression.Limits.LAYER);
      for (ArchivedImage image : archive.images()) {
        Document<Manifest> copied =
            copy.copy(
                archive,
                TestImages.ANYWHERE,
                image.manifest(),
                target(lease),
                TestImages.ANYWHERE,
                amd64,
                Progress.NONE);
        for (Reference name : image.names()) {
          store.names().put(name, copied.descriptor());
          loaded.add(name.familiar());
        }
      }
    }
    return loaded;
  }

  private void refuses(byte[] archive, String why) throws IOException {
    assertThatThrownBy(() -> load(archive))
        .isInstanceOfAny(Fault.Invalid.class, Fault.Unsupported.class)
        .hasMessageContaining(why);
    assertThat(store.names().list()).isEmpty();
    assertThat(store.blobs().uploads()).isZero();
    forget();
  }

  private void forget() throws IOException {
    for (var named : store.names().list()) {
      store.names().delete(named.name());
    }
    store.local().sweep(List.of());
    assertThat(store.blobs().list()).isEmpty();
  }

  private void assertLayersAre(String mediaType, byte[]... layers) throws IOException {
    Document<Manifest> image = store.local().resolve(store.names().list().getFirst().name());
    assertThat(((Manifest.Image) image.value()).layers())
        .containsExactlyElementsOf(
            Arrays.stream(layers).map(layer -> Descriptor.of(mediaType, layer)).toList());
    store.local().sweep(List.of());
    for (byte[] layer : layers) {
      assertLayerIsThere(mediaType, layer);
    }
  }

  void assertLayerIsThere(String mediaType, byte[] layer) throws IOException {
    assertThat(store.blobs().open(Digest.of(layer)).readAllBytes()).isEqualTo(layer);
  }

  TestImages store() {
    return store;
  }

  /// Where layers go; null if they become blobs.
  @Nullable LayerIntake intake() {
    return null;
  }

  private ImageTarget target(Lease lease) {
    LayerIntake intake = intake();
    return intake == null ? store.local().target(lease) : store.local().target(lease, intake);
  }
}
