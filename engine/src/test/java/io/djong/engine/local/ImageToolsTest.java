package io.djong.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.engine.Filters;
import io.djong.engine.ImageTools;
import io.djong.engine.ImageTools.Exploration;
import io.djong.engine.ImageTools.ExploredLayer;
import io.djong.engine.ImageTools.Finding;
import io.djong.engine.ImageTools.FoundFile;
import io.djong.engine.Images;
import io.djong.layers.ChainId;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.Progress;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import io.djong.model.container.NetworkingConfig;
import io.djong.model.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// What djong does with images beyond Docker, and what becomes of their layers. Needs root.
class ImageToolsTest {
  @TempDir(cleanup = CleanupMode.NEVER)
  Path root;

  private TestMachine machine;
  private TestArchive boat;

  @BeforeEach
  void open() throws IOException {
    machine = machine(root);
    boat =
        new TestArchive()
            .layer(
                "hull/", "hull/planks=oak oak oak", "hull/keel=iron", "flag=red", "old/", "old/x=1")
            .layer("hull/", "hull/planks=teak", "sails/", "sails/main=canvas")
            .layer("hull/", "hull/.wh.keel=", "sails/", "sails/.wh..wh..opq=", "sails/jib=silk")
            .layer(".wh.old=", "flag=blue");
    load(boat, "localhost:1/boat:1");
  }

  @AfterEach
  void close() throws IOException {
    machine.discard();
  }

  void load(TestArchive archive, String name) throws IOException {
    images().load(archive.named(name), Progress.NONE);
  }

  TestMachine machine(Path folder) throws IOException {
    return TestMachine.open(folder);
  }

  Images images() {
    return machine.engine().images();
  }

  TestArchive boat() {
    return boat;
  }

  TestMachine machine() {
    return machine;
  }

  ImageTools tools() {
    return machine.engine().imageTools();
  }

  @Test
  void exploringTellsWhatEachLayerDidAndWhatIsWasted() throws IOException {
    Exploration found = tools().explore("localhost:1/boat:1");

    assertThat(found.layers())
        .extracting(ExploredLayer::createdBy)
        .containsExactly("STEP 0", "STEP 1", "STEP 2", "STEP 3");
    assertThat(found.layers()).extracting(ExploredLayer::changed).containsExactly(0, 1, 0, 1);
    assertThat(found.layers()).extracting(ExploredLayer::removed).containsExactly(0, 0, 1, 1);
    assertThat(found.wastes())
        .extracting(FoundFile::path)
        .containsExactlyInAnyOrder("/hull/planks", "/hull/keel", "/sails/main", "/old/x", "/flag");
    assertThat(found.wasted()).isEqualTo(11 + 4 + 6 + 1 + 3);
    assertThat(found.largest())
        .extracting(FoundFile::path)
        .contains("/hull/planks", "/sails/jib", "/flag");
    assertThat(found.largest()).extracting(FoundFile::path).doesNotContain("/hull/keel");
  }

  @Test
  void aSquashedImageShowsTheSameTreeOverTheSameBase() throws IOException {
    Digest squashed = tools().squash("localhost:1/boat:1", null, "small:1");

    var config = images().inspect("small:1").config();
    assertThat(images().inspect("small:1").id()).isEqualTo(squashed);
    assertThat(config.rootfs().diffIds()).hasSize(2);
    assertThat(config.rootfs().diffIds().getFirst()).isEqualTo(boat.diffIds().getFirst());
    assertThat(config.history()).hasSize(2);
    assertThat(tree("small:1")).isEqualTo(tree("localhost:1/boat:1")).containsEntry("flag", "blue");
  }

  @Test
  void aBaseThatIsNamedStays() throws IOException {
    load(
        new TestArchive()
            .layer(
                "hull/", "hull/planks=oak oak oak", "hull/keel=iron", "flag=red", "old/", "old/x=1")
            .layer("hull/", "hull/planks=teak", "sails/", "sails/main=canvas"),
        "base:1");

    tools().squash("localhost:1/boat:1", "base:1", "small:1");

    assertThat(images().inspect("small:1").config().rootfs().diffIds()).hasSize(3);
    assertThat(tree("small:1")).isEqualTo(tree("localhost:1/boat:1"));
    assertThatThrownBy(() -> tools().squash("base:1", null, null))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("nothing to squash");
    assertThatThrownBy(() -> tools().squash("base:1", "localhost:1/boat:1", null))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("was not made from");
  }

  Map<String, String> tree(String image) throws IOException {
    Path place = tools().mount(image);
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(place)) {
      for (Path path : all.toList()) {
        files.put(
            place.relativize(path).toString(),
            Files.isRegularFile(path) ? Files.readString(path) : "/");
      }
    } finally {
      tools().unmount(image);
    }
    return files;
  }

  @Test
  void aMountedImageCannotBeWrittenAndKeepsItsLayersUntilItIsUnmounted() throws IOException {
    Path place = tools().mount("localhost:1/boat:1");

    assertThat(tools().mount("localhost:1/boat:1")).isEqualTo(place);
    assertThat(place.resolve("flag")).hasContent("blue");
    assertThatThrownBy(() -> Files.writeString(place.resolve("flag"), "white"))
        .isInstanceOf(IOException.class);
    tools().unmount("localhost:1/boat:1");
    assertThat(place).doesNotExist();
    assertThatThrownBy(() -> tools().unmount("localhost:1/boat:1"))
        .isInstanceOf(Fault.Conflict.class);
  }

  @Test
  void layersGoWithTheContainerThatStoodOnThemLast() throws Exception {
    String id = create("localhost:1/boat:1");
    images().remove("localhost:1/boat:1", true, false);
    ChainId top = ChainId.of(boat.diffIds());
    assertThat(machine.snapshots().contains(top)).isTrue();

    machine.engine().containers().remove(id, true, true);

    assertThat(machine.snapshots().contains(top)).isFalse();
    assertThat(machine.snapshots().list()).isEmpty();
  }

  String create(String image) throws IOException {
    return machine
        .engine()
        .containers()
        .create(
            null,
            Json.lean()
                .read(ContainerConfig.class, "{\"Image\":\"" + image + "\",\"Cmd\":[\"true\"]}"),
            Json.lean().read(HostConfig.class, "{\"NetworkMode\":\"none\"}"),
            new NetworkingConfig(Map.of()),
            null)
        .id()
        .hex();
  }

  @Test
  void sharedBytesAreThoseOfLayersThatAnotherImageHasToo() throws IOException {
    load(
        new TestArchive()
            .layer(
                "hull/", "hull/planks=oak oak oak", "hull/keel=iron", "flag=red", "old/", "old/x=1")
            .layer("other=12345"),
        "other:1");

    Digest other = images().inspect("other:1").id();
    Digest first = images().inspect("localhost:1/boat:1").id();

    assertThat(images().sharedSizes()).containsEntry(other, 19L).containsEntry(first, 19L);
    assertThat(images().layersSize()).isEqualTo(images().inspect("localhost:1/boat:1").size() + 5);
    assertThat(images().inspect("other:1").size()).isEqualTo(24);
  }

  @Test
  void whatIsSavedIsTheSameEachTimeAndHoldsSharedLayersOnce() throws IOException {
    load(
        new TestArchive()
            .layer(
                "hull/", "hull/planks=oak oak oak", "hull/keel=iron", "flag=red", "old/", "old/x=1")
            .layer("other=12345"),
        "other:1");
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    ByteArrayOutputStream second = new ByteArrayOutputStream();

    images().save(List.of("localhost:1/boat:1", "other:1"), first);
    images().save(List.of("localhost:1/boat:1", "other:1"), second);

    assertThat(second.toByteArray()).isEqualTo(first.toByteArray());
    String text = first.toString(UTF_8);
    String shared = "blobs/sha256/" + boat.diffIds().getFirst().hex() + "\0";
    assertThat(text.indexOf(shared)).isPositive().isEqualTo(text.lastIndexOf(shared));
    images().remove("localhost:1/boat:1", false, false);
    images().remove("other:1", false, false);
    images().load(new ByteArrayInputStream(first.toByteArray()), Progress.NONE);
    assertThat(images().list(false, Filters.NONE)).hasSize(2);
    assertThat(tools().check(false).findings()).isEmpty();
  }

  @Test
  void anUntouchedStoreIsSound() throws Exception {
    create("localhost:1/boat:1");

    ImageTools.Proof proof = tools().check(false);

    assertThat(proof.findings()).isEmpty();
    assertThat(proof.isSound()).isTrue();
    assertThat(proof.images()).isEqualTo(1);
    assertThat(proof.layers()).isEqualTo(4);
    for (var container : machine.engine().containers().list(true, 0, false, Filters.NONE)) {
      machine.engine().containers().remove(container.id().hex(), true, true);
    }
  }

  @Test
  void aConfigWithAChangedByteIsFound() throws IOException {
    Digest id = images().inspect("localhost:1/boat:1").id();
    Path blob = blob(id);
    byte[] bytes = Files.readAllBytes(blob);
    bytes[20] ^= 1;
    Files.write(blob, bytes);

    ImageTools.Proof proof = tools().check(false);

    assertThat(proof.isSound()).isFalse();
    assertThat(proof.findings()).extracting(Finding::kind).contains("image", "blob");
  }

  @Test
  void whatIsLeftOverIsFoundAndGoesWithARepair() throws IOException {
    byte[] bytes = "nobody's".getBytes(UTF_8);
    Path blob = blob(Digest.of(bytes));
    Files.createDirectories(blob.getParent());
    Files.write(blob, bytes);

    assertThat(tools().check(false).findings())
        .extracting(Finding::kind)
        .containsExactly("leftover");
    assertThat(tools().check(true).isSound()).isTrue();
    assertThat(tools().check(false).findings()).isEmpty();
    assertThat(blob).doesNotExist();
  }

  Path blob(Digest digest) {
    return root.resolve("data/content/blobs/sha256")
        .resolve(digest.hex().substring(0, 2))
        .resolve(digest.hex());
  }

  /// Spoils a file of the highest layer.
  void damage() throws IOException {
    Path flag;
    try (Stream<Path> all = Files.walk(root.resolve("data/layers"))) {
      flag =
          all.filter(path -> path.endsWith("flag") && path.toString().contains(top()))
              .findFirst()
              .orElseThrow();
    }
    Files.delete(flag);
  }

  String top() {
    return ChainId.of(boat.diffIds()).digest().hex();
  }

  @Test
  void aDamagedLayerIsFoundAndMendedAlone() throws IOException {
    damage();

    ImageTools.Proof found = tools().check(false);
    assertThat(found.findings()).extracting(Finding::kind).containsOnly("layer");
    assertThat(tools().check(true).isSound()).isTrue();

    assertThat(tools().check(false).findings()).isEmpty();
    assertThat(tree("localhost:1/boat:1")).containsEntry("flag", "blue");
  }
}
