package io.djong.content.layout;

import io.djong.content.ImageSource;
import io.djong.content.ImageTarget;
import io.djong.content.VerifiedInput;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Json;
import io.djong.model.json.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One name in a folder of images (OCI image specification, Image Layout), as `oci:FOLDER:NAME`
/// says it. As a source it gives the image of that name whatever it is asked for, as a target it
/// gives what it gets that name. A blob is there whole or not at all, and so is the list of images;
/// both are durable when a method returns.
///
/// Blobs come from strangers and are verified by whoever reads them. Safe for use by several
/// threads; of several processes that publish into one folder the last one wins.
public final class LayoutFolder implements ImageSource, ImageTarget {
  /// OCI image specification, Pre-Defined Annotation Keys.
  private static final String REF_NAME = "org.opencontainers.image.ref.name";

  private static final byte[] LAYOUT =
      "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8);

  private static final byte[] EMPTY =
      ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OCI_INDEX + "\",\"manifests\":[]}")
          .getBytes(StandardCharsets.UTF_8);

  private final Path folder;
  private final @Nullable String name;

  /// @param name null for the only image there is, or for none
  public LayoutFolder(Path folder, @Nullable String name) {
    this.folder = folder;
    this.name = name;
  }

  /// The names of all images, in their order; those without one are left out.
  public List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    for (Descriptor each : index().manifests()) {
      String said = each.annotations().get(REF_NAME);
      if (said != null) {
        names.add(said);
      }
    }
    return names;
  }

  /// @throws Fault.NotFound if there is no such image, or no folder with images
  @Override
  public Document<Manifest> resolve(Reference reference) throws IOException {
    return resolve();
  }

  /// As [#resolve(Reference)].
  public Document<Manifest> resolve() throws IOException {
    Descriptor found = null;
    List<Descriptor> all = index().manifests();
    for (Descriptor each : all) {
      if (name == null ? all.size() == 1 : name.equals(each.annotations().get(REF_NAME))) {
        found = each;
      }
    }
    if (found == null) {
      throw new Fault.NotFound(
          name == null
              ? folder + " has " + all.size() + " images: say which, as in oci:" + folder + ":NAME"
              : folder + " has no image of the name " + name);
    }
    byte[] bytes = VerifiedInput.readAll(file(found.digest()), found, Manifests.MAX_BYTES);
    return Manifests.read(found.mediaType(), bytes);
  }

  @Override
  public InputStream open(Repository from, Descriptor blob) throws IOException {
    return file(blob.digest());
  }

  private InputStream file(Digest digest) throws IOException {
    try {
      return Files.newInputStream(place(digest));
    } catch (NoSuchFileException e) {
      throw new Fault.NotFound(folder + " lacks " + digest + ", which an image there needs");
    }
  }

  private Path place(Digest digest) {
    return folder.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
  }

  @Override
  public boolean contains(Repository in, Descriptor blob) throws IOException {
    Path place = place(blob.digest());
    return Files.isRegularFile(place) && Files.size(place) == blob.size();
  }

  @Override
  public void put(Repository in, Descriptor blob, InputStream bytes) throws IOException {
    Path place = place(blob.digest());
    write(
        place,
        out -> {
          VerifiedInput verified = new VerifiedInput(bytes, blob);
          verified.transferTo(out);
          if (!verified.isVerified()) {
            throw new Fault.Invalid("content " + blob.digest() + " is not what was promised");
          }
        });
  }

  @Override
  public void publish(Reference reference, Document<Manifest> manifest) throws IOException {
    Path layout = folder.resolve("oci-layout");
    if (!Files.exists(layout)) {
      write(layout, out -> out.write(LAYOUT));
    }
    Descriptor described = manifest.descriptor();
    Map<String, String> annotations = new LinkedHashMap<>();
    if (name != null) {
      annotations.put(REF_NAME, name);
    }
    List<Descriptor> all = others(Files.exists(folder.resolve("index.json")), described.digest());
    all.add(
        new Descriptor(
            described.mediaType(), described.digest(), described.size(), null, annotations));
    write(all);
  }

  /// Takes the name away; blobs stay.
  ///
  /// @throws Fault.NotFound if there is no such image
  public void delete() throws IOException {
    write(others(true, resolve().digest()));
  }

  /// What stays in the list when this name means something else.
  private List<Descriptor> others(boolean there, Digest digest) throws IOException {
    List<Descriptor> others = new ArrayList<>();
    if (there) {
      for (Descriptor each : index().manifests()) {
        String said = each.annotations().get(REF_NAME);
        boolean same =
            name == null ? said == null && each.digest().equals(digest) : name.equals(said);
        if (!same) {
          others.add(each);
        }
      }
    }
    return others;
  }

  private void write(List<Descriptor> manifests) throws IOException {
    byte[] index =
        manifests.isEmpty()
            ? EMPTY // A list without entries would be left out.
            : Manifests.write(MediaType.OCI_INDEX, new Manifest.Index(manifests, null, Map.of()))
                .bytes();
    write(folder.resolve("index.json"), out -> out.write(index));
  }

  private Manifest.Index index() throws IOException {
    byte[] layout;
    byte[] index;
    try {
      layout = Files.readAllBytes(folder.resolve("oci-layout"));
      index = Files.readAllBytes(folder.resolve("index.json"));
    } catch (NoSuchFileException e) {
      throw new Fault.NotFound(
          folder + " is no folder of images: it lacks oci-layout or index.json");
    }
    if (!(Json.lean().readTree(layout) instanceof Map<?, ?> map)
        || !(map.get("imageLayoutVersion") instanceof String version)
        || !version.startsWith("1.")) {
      throw new Fault.Unsupported(folder + " has an unknown version of the OCI image layout");
    }
    if (Manifests.read(MediaType.OCI_INDEX, index).value() instanceof Manifest.Index all) {
      return all;
    }
    throw new Fault.Invalid(folder + "/index.json is not an image index");
  }

  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private static void write(Path place, Content content) throws IOException {
    Path parent = Objects.requireNonNull(place.toAbsolutePath().getParent());
    Files.createDirectories(parent);
    Path draft = Files.createTempFile(parent, ".draft", "");
    try {
      try (OutputStream out = Files.newOutputStream(draft)) {
        content.writeTo(out);
      }
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        channel.force(false);
      }
      Files.setPosixFilePermissions(
          draft, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
        channel.force(true);
      }
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
