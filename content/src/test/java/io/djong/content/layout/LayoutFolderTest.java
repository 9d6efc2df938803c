package io.djong.content.layout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.TestImages;
import io.djong.model.Descriptor;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Reference;
import io.djong.model.json.Manifests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images in a folder, as the OCI specification lays them out.
class LayoutFolderTest {
  private static final Reference ANY = Reference.parse("any");

  @TempDir Path folder;

  private Document<Manifest> put(String name, String config) throws IOException {
    LayoutFolder layout = new LayoutFolder(folder, name);
    byte[] bytes = config.getBytes(UTF_8);
    Descriptor described = Descriptor.of("application/vnd.example", bytes);
    layout.put(TestImages.ANYWHERE, described, new ByteArrayInputStream(bytes));
    Document<Manifest> manifest =
        Manifests.write(
            MediaType.OCI_MANIFEST,
            new Manifest.Image(described, List.of(described), null, Map.of()));
    layout.put(
        TestImages.ANYWHERE, manifest.descriptor(), new ByteArrayInputStream(manifest.bytes()));
    layout.publish(ANY, manifest);
    return manifest;
  }

  @Test
  void imagesAreFoundByTheirNames() throws IOException {
    Document<Manifest> one = put("one", "1");
    Document<Manifest> two = put("two", "2");

    assertThat(new LayoutFolder(folder, "one").resolve().digest()).isEqualTo(one.digest());
    assertThat(new LayoutFolder(folder, "two").resolve().digest()).isEqualTo(two.digest());
    assertThat(new LayoutFolder(folder, null).names()).containsExactly("one", "two");
    assertThatThrownBy(() -> new LayoutFolder(folder, null).resolve())
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("say which");
  }

  @Test
  void aNameThatIsGivenAgainMeansTheNewImage() throws IOException {
    put("one", "1");
    Document<Manifest> new1 = put("one", "new");

    assertThat(new LayoutFolder(folder, null).resolve().digest()).isEqualTo(new1.digest());

    new LayoutFolder(folder, "one").delete();

    assertThatThrownBy(() -> new LayoutFolder(folder, "one").resolve())
        .isInstanceOf(Fault.NotFound.class);
  }

  @Test
  void bytesThatAreNotWhatWasPromisedAreNotKept() throws IOException {
    LayoutFolder layout = new LayoutFolder(folder, null);
    Descriptor promised = Descriptor.of("application/vnd.example", "cargo".getBytes(UTF_8));

    assertThatThrownBy(
            () ->
                layout.put(
                    TestImages.ANYWHERE,
                    promised,
                    new ByteArrayInputStream("rogue".getBytes(UTF_8))))
        .isInstanceOf(Fault.Invalid.class);

    assertThat(layout.contains(TestImages.ANYWHERE, promised)).isFalse();
    try (var left = Files.list(folder.resolve("blobs/sha256"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aFolderThatIsNoLayoutIsSaidToBeNone() {
    assertThatThrownBy(() -> new LayoutFolder(folder, "x").resolve())
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("no folder of images");
  }
}
