package io.djong.content.archive;

import io.djong.content.ImageTarget;
import io.djong.content.VerifiedInput;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.DockerArchiveImage;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Json;
import io.djong.model.json.Manifests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes images as one tar that is both Docker's archive and an OCI image layout, what they share
/// once. The same images copied in the same order, one layer at a time, give the same bytes: there
/// is no clock in it. For one thread, so copy with an [io.djong.content.ImageCopy] that moves one
/// layer at once.
///
/// The archive is good only after [#finish]; whoever does not get there leaves one that every
/// reader takes for truncated.
public final class ArchiveTarget implements ImageTarget {
  private static final Instant EPOCH = Instant.EPOCH;
  private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}";

  private final TarWriter tar;
  private final Set<String> folders = new HashSet<>();
  private final Set<Digest> written = new HashSet<>();
  private final Map<Digest, Document<Manifest>> manifests = new HashMap<>();
  private final Map<Digest, Included> included = new LinkedHashMap<>();

  private record Included(Document<Manifest> manifest, List<Reference> names) {}

  /// @param out not closed by this target
  public ArchiveTarget(OutputStream out) {
    this.tar = new TarWriter(out);
  }

  @Override
  public boolean contains(Repository in, Descriptor blob) {
    return written.contains(blob.digest());
  }

  @Override
  public void put(Repository in, Descriptor blob, InputStream bytes) throws IOException {
    String type = blob.mediaType();
    if (MediaType.isManifest(type) || MediaType.isIndex(type)) {
      byte[] document = VerifiedInput.readAll(bytes, blob, Manifests.MAX_BYTES);
      manifests.put(blob.digest(), Manifests.read(type, document));
      write(blob, new ByteArrayInputStream(document));
    } else {
      write(blob, bytes);
    }
  }

  @Override
  public void publish(Reference name, Document<Manifest> manifest) {
    include(manifest).names.add(name);
  }

  /// Lists an image whose blobs were put, without a name.
  public void publishUnnamed(Document<Manifest> manifest) {
    include(manifest);
  }

  /// Writes what lists the images, and the end of the archive.
  public void finish() throws IOException {
    document("index.json", index());
    document("manifest.json", Manifests.lean(dockerImages()));
    document("oci-layout", LAYOUT.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Map<String, Map<String, String>> repositories = repositories();
    if (!repositories.isEmpty()) {
      document("repositories", Json.lean().write(repositories));
    }
    tar.close();
  }

  private Included include(Document<Manifest> manifest) {
    return included.computeIfAbsent(
        manifest.digest(), digest -> new Included(manifest, new ArrayList<>()));
  }

  private void write(Descriptor blob, InputStream bytes) throws IOException {
    folder("blobs");
    folder("blobs/" + blob.digest().algorithm());
    VerifiedInput verified = new VerifiedInput(bytes, blob);
    tar.put(TarEntry.file(path(blob.digest()), 0644, blob.size(), EPOCH), verified);
    // The tar writer stops at the size; only the end of the stream proves the digest.
    if (verified.read() >= 0 || !verified.isVerified()) {
      throw new Fault.Invalid("content " + blob.digest() + " is not what was promised");
    }
    written.add(blob.digest());
  }

  private void folder(String path) throws IOException {
    if (folders.add(path)) {
      tar.put(TarEntry.folder(path, 0755, EPOCH));
    }
  }

  private void document(String name, byte[] bytes) throws IOException {
    tar.put(TarEntry.file(name, 0644, bytes.length, EPOCH), new ByteArrayInputStream(bytes));
  }

  private byte[] index() {
    List<Descriptor> entries = new ArrayList<>();
    for (Included image : included.values()) {
      Descriptor manifest = image.manifest.descriptor();
      if (image.names.isEmpty()) {
        entries.add(manifest);
      }
      for (Reference name : image.names) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(Annotations.FULL_NAME, name.toString());
        if (name instanceof Reference.Tag tag) {
          annotations.put(Annotations.REF_NAME, tag.tag());
        }
        entries.add(
            new Descriptor(
                manifest.mediaType(), manifest.digest(), manifest.size(), null, annotations));
      }
    }
    return Manifests.write(MediaType.OCI_INDEX, new Manifest.Index(entries, null, Map.of()))
        .bytes();
  }

  private List<DockerArchiveImage> dockerImages() {
    List<DockerArchiveImage> images = new ArrayList<>();
    for (Included one : included.values()) {
      Manifest.Image image = firstImage(one.manifest.value());
      if (image != null) {
        List<String> tags = new ArrayList<>();
        for (Reference name : one.names) {
          if (name instanceof Reference.Tag) {
            tags.add(name.familiar());
          }
        }
        images.add(
            new DockerArchiveImage(
                path(image.config().digest()),
                tags,
                image.layers().stream().map(layer -> path(layer.digest())).toList(),
                sources(image)));
      }
    }
    return images;
  }

  /// Layers are plain in what Docker writes, so that their digests are their diffIDs.
  private static @Nullable Map<String, Descriptor> sources(Manifest.Image image) {
    Map<String, Descriptor> sources = new TreeMap<>();
    for (Descriptor layer : image.layers()) {
      if (!layer.mediaType().equals(MediaType.OCI_LAYER)) {
        return null;
      }
      sources.put(layer.digest().toString(), layer);
    }
    return sources;
  }

  /// The oldest form of the archive; kept for tools that only look for the file.
  private Map<String, Map<String, String>> repositories() {
    Map<String, Map<String, String>> repositories = new TreeMap<>();
    for (Included one : included.values()) {
      Manifest.Image image = firstImage(one.manifest.value());
      if (image == null || image.layers().isEmpty()) {
        continue;
      }
      for (Reference name : one.names) {
        if (name instanceof Reference.Tag tag) {
          repositories
              .computeIfAbsent(tag.repository().familiar(), repository -> new TreeMap<>())
              .put(tag.tag(), image.layers().getLast().digest().hex());
        }
      }
    }
    return repositories;
  }

  /// Docker's form of the archive knows no indexes: it gets the first image of one.
  private Manifest.@Nullable Image firstImage(Manifest manifest) {
    return switch (manifest) {
      case Manifest.Image image -> image;
      case Manifest.Index index -> {
        for (Descriptor child : index.manifests()) {
          Document<Manifest> document = manifests.get(child.digest());
          Manifest.Image image = document == null ? null : firstImage(document.value());
          if (image != null) {
            yield image;
          }
        }
        yield null;
      }
    };
  }

  private static String path(Digest digest) {
    return "blobs/" + digest.algorithm() + "/" + digest.hex();
  }
}
