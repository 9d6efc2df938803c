package io.djong.content.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.content.Compression;
import io.djong.content.ImageCopy;
import io.djong.content.Lease;
import io.djong.content.PlatformChoice;
import io.djong.content.TestImages;
import io.djong.content.archive.ImageArchive.ArchivedImage;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Manifest;
import io.djong.model.Platform;
import io.djong.model.Progress;
import io.djong.model.Reference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Another program reads what djong writes, and djong what the other writes.
class SkopeoTest {
  private static final ImageCopy ONE_BY_ONE = new ImageCopy(ImageCopy.Words.PUSH, 1);
  private static final PlatformChoice AMD64 = PlatformChoice.only(Platform.of("linux", "amd64"));

  @TempDir Path folder;

  private TestImages store;
  private byte[] base;
  private byte[] top;

  @BeforeEach
  void newStore() throws IOException {
    store = new TestImages();
    base = TestImages.layer("base", "planks");
    top = TestImages.layer("top", "sails");
    store.named("boat:1", store.image("amd64", base, top));
    store.named("quay.io/fleet/raft:2", store.image("amd64", base));
  }

  @Test
  void whatDjongSavesIsReadAsDockersArchive() throws Exception {
    Path archive = save("boat:1", "quay.io/fleet/raft:2");

    assertThat(skopeo("inspect", "docker-archive:" + archive + ":boat:1"))
        .contains("\"Architecture\": \"amd64\"")
        .contains(Digest.of(base).toString())
        .contains(Digest.of(top).toString());
    assertThat(skopeo("inspect", "docker-archive:" + archive + ":quay.io/fleet/raft:2"))
        .contains(Digest.of(base).toString())
        .doesNotContain(Digest.of(top).toString());
  }

  @Test
  void whatDjongSavesIsReadAsAnOciLayout() throws Exception {
    Path archive = save("boat:1", "quay.io/fleet/raft:2");

    assertThat(skopeo("inspect", "oci-archive:" + archive + ":1"))
        .contains(Digest.of(base).toString())
        .contains(Digest.of(top).toString());
    assertThat(skopeo("inspect", "--raw", "oci-archive:" + archive + ":2"))
        .doesNotContain(Digest.of(top).toString());
  }

  @Test
  void whatSkopeoWritesInDockersFormIsRead() throws Exception {
    Path saved = save("boat:1");
    Path theirs = folder.resolve("theirs.tar");
    skopeo("copy", "oci-archive:" + saved, "docker-archive:" + theirs + ":ship:3");

    assertThat(load(theirs)).containsExactly("ship:3");
  }

  @Test
  void whatSkopeoWritesAsALayoutIsRead() throws Exception {
    Path saved = save("boat:1");
    Path theirs = folder.resolve("theirs.tar");
    skopeo("copy", "docker-archive:" + saved, "oci-archive:" + theirs + ":ship:4");

    assertThat(load(theirs)).containsExactly("ship:4");
  }

  @Test
  void whatDjongSavesIsLoadedAsTheSameImages() throws Exception {
    Path saved = save("boat:1", "quay.io/fleet/raft:2");
    Document<Manifest> boat = store.local().resolve(Reference.parse("boat:1"));
    TestImages elsewhere = new TestImages();
    store = elsewhere;

    assertThat(load(saved)).containsExactly("boat:1", "quay.io/fleet/raft:2");
    assertThat(elsewhere.local().resolve(Reference.parse("boat:1")).digest())
        .isEqualTo(boat.digest());
  }

  @Test
  void savingTwiceGivesTheSameBytes() throws Exception {
    assertThat(saved("boat:1", "quay.io/fleet/raft:2"))
        .isEqualTo(saved("boat:1", "quay.io/fleet/raft:2"));
  }

  @Test
  void sharedLayersAreSavedOnce() throws Exception {
    String archive = new String(saved("boat:1", "quay.io/fleet/raft:2"), UTF_8);

    assertThat(archive).containsOnlyOnce("planks");
  }

  private Path save(String... names) throws IOException, InterruptedException {
    Path archive = folder.resolve("saved.tar");
    Files.write(archive, saved(names));
    return archive;
  }

  private byte[] saved(String... names) throws IOException, InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveTarget target = new ArchiveTarget(out);
    for (String name : names) {
      Reference reference = Reference.parse(name);
      ONE_BY_ONE.copy(store.local(), reference, target, reference, AMD64, Progress.NONE);
    }
    target.finish();
    return out.toByteArray();
  }

  private List<String> load(Path file) throws IOException, InterruptedException {
    List<String> loaded = new ArrayList<>();
    try (Lease lease = store.local().lease()) {
      ImageArchive archive =
          ImageArchive.read(
              new ByteArrayInputStream(Files.readAllBytes(file)),
              store.blobs(),
              lease,
              Compression.Limits.LAYER);
      for (ArchivedImage image : archive.images()) {
        for (Reference name : image.names()) {
          ONE_BY_ONE.copy(archive, name, store.local().target(lease), name, AMD64, Progress.NONE);
          loaded.add(name.familiar());
        }
      }
    }
    return loaded;
  }

  private String skopeo(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("TMPDIR", folder.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
