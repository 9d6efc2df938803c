package io.djong.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.content.record.RecordedImageNames;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Platform;
import io.djong.model.Reference;
import io.djong.model.json.Manifests;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A local store in memory, and small images to put into it, for tests.
public final class TestImages {
  public static final Reference.Repository ANYWHERE = Reference.parse("anywhere").repository();

  private final MemoryBlobStore blobs = new MemoryBlobStore();
  private final ImageNames names;
  private final LocalImages local;

  public TestImages() throws IOException {
    names = new RecordedImageNames(new MemoryRecords());
    local = new LocalImages(blobs, names);
  }

  public MemoryBlobStore blobs() {
    return blobs;
  }

  public ImageNames names() {
    return names;
  }

  public LocalImages local() {
    return local;
  }

  /// A layer with one file.
  public static byte[] layer(String file, String content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(out)) {
      byte[] bytes = content.getBytes(UTF_8);
      tar.put(
          TarEntry.file(file, 0644, bytes.length, Instant.EPOCH), new ByteArrayInputStream(bytes));
    }
    return out.toByteArray();
  }

  public static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packing = Compression.gzip(out)) {
      packing.write(bytes);
    }
    return out.toByteArray();
  }

  /// The config of an image with these layers.
  public static byte[] config(String architecture, List<Digest> diffIds) {
    List<String> quoted = diffIds.stream().map(digest -> "\"" + digest + "\"").toList();
    return ("{\"architecture\":\""
            + architecture
            + "\",\"os\":\"linux\",\"config\":{\"Cmd\":[\"sh\"]},\"rootfs\":{\"type\":\"layers\","
            + "\"diff_ids\":["
            + String.join(",", quoted)
            + "]}}")
        .getBytes(UTF_8);
  }

  /// Stores an image of plain layers, without a name.
  public Document<Manifest> image(String architecture, byte[]... layers) throws IOException {
    List<Descriptor> descriptors = new ArrayList<>();
    List<Digest> diffIds = new ArrayList<>();
    for (byte[] layer : layers) {
      descriptors.add(blob(MediaType.OCI_LAYER, layer));
      diffIds.add(Digest.of(layer));
    }
    Descriptor config = blob(MediaType.OCI_CONFIG, config(architecture, diffIds));
    return stored(MediaType.OCI_MANIFEST, new Manifest.Image(config, descriptors, null, Map.of()));
  }

  /// Stores an index of images by their architectures.
  public Document<Manifest> index(Map<String, Document<Manifest>> images) throws IOException {
    List<Descriptor> entries = new ArrayList<>();
    images.forEach(
        (architecture, image) ->
            entries.add(
                new Descriptor(
                    image.descriptor().mediaType(),
                    image.digest(),
                    image.descriptor().size(),
                    Platform.of("linux", architecture),
                    Map.of())));
    return stored(MediaType.OCI_INDEX, new Manifest.Index(entries, null, Map.of()));
  }

  public Document<Manifest> stored(String mediaType, Manifest manifest) throws IOException {
    Document<Manifest> document = Manifests.write(mediaType, manifest);
    blob(mediaType, document.bytes());
    return document;
  }

  public Descriptor blob(String mediaType, byte[] bytes) throws IOException {
    try (BlobWriter writer = blobs.newWriter()) {
      writer.write(bytes);
      writer.commit(null);
    }
    return Descriptor.of(mediaType, bytes);
  }

  public Document<Manifest> named(String name, Document<Manifest> image) throws IOException {
    names.put(Reference.parse(name), image.descriptor());
    return image;
  }
}
