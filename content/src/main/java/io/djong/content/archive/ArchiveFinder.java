package io.djong.content.archive;

import io.djong.content.BlobStore;
import io.djong.content.Compression;
import io.djong.content.ImageCopy;
import io.djong.content.VerifiedInput;
import io.djong.content.archive.ImageArchive.ArchivedImage;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.DockerArchiveImage;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Reference;
import io.djong.model.json.Json;
import io.djong.model.json.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the images among the files of an archive.
final class ArchiveFinder {
  private static final int MAX_IMAGES = 10_000;
  private static final int MAX_DEPTH = 4;

  private final BlobStore blobs;
  private final ArchiveFiles files;

  /// By the digest of the manifest, in the order of the archive.
  private final Map<Digest, Found> found = new LinkedHashMap<>();

  private record Found(Document<Manifest> manifest, Set<Reference> names, Set<Digest> configs) {}

  ArchiveFinder(BlobStore blobs, ArchiveFiles files) {
    this.blobs = blobs;
    this.files = files;
  }

  List<ArchivedImage> images() throws IOException {
    byte[] layout = files.document("oci-layout");
    byte[] index = files.document("index.json");
    byte[] docker = files.document("manifest.json");
    if (layout != null && index != null) {
      addLayout(layout, index);
    } else if (docker == null) {
      throw new Fault.Invalid(
          "invalid archive: it has neither manifest.json nor oci-layout and index.json; if it is"
              + " the tree of a file system, use import");
    }
    if (docker != null) {
      addDocker(docker);
    }
    List<ArchivedImage> images = new ArrayList<>();
    found
        .values()
        .forEach(one -> images.add(new ArchivedImage(List.copyOf(one.names), one.manifest)));
    return images;
  }

  private void addLayout(byte[] layout, byte[] index) throws IOException {
    if (!(Json.lean().readTree(layout) instanceof Map<?, ?> map)
        || !(map.get("imageLayoutVersion") instanceof String version)
        || !version.startsWith("1.")) {
      throw new Fault.Unsupported("unknown version of the OCI image layout: want 1.0.0");
    }
    if (!(Manifests.read(null, index).value() instanceof Manifest.Index top)) {
      throw new Fault.Invalid("invalid archive: index.json is not an image index");
    }
    for (Descriptor entry : top.manifests()) {
      String type = entry.mediaType();
      if (MediaType.isManifest(type) || MediaType.isIndex(type)) {
        Found image = add(read(entry));
        Reference name = name(entry.annotations());
        if (name != null) {
          image.names.add(name);
        }
      }
    }
  }

  private Found add(Document<Manifest> manifest) throws IOException {
    Found image = found.get(manifest.digest());
    if (image == null) {
      image = new Found(manifest, new LinkedHashSet<>(), new LinkedHashSet<>());
      addConfigs(manifest.value(), image.configs, 0);
      found.put(manifest.digest(), image);
      if (found.size() > MAX_IMAGES) {
        throw new Fault.Invalid("the archive holds more than " + MAX_IMAGES + " images");
      }
    }
    return image;
  }

  /// An archive may hold an index and not all of its images.
  private void addConfigs(Manifest manifest, Set<Digest> configs, int depth) throws IOException {
    switch (manifest) {
      case Manifest.Image image -> configs.add(image.config().digest());
      case Manifest.Index index -> {
        for (Descriptor child : index.manifests()) {
          if (depth < MAX_DEPTH && files.holds(child.digest())) {
            addConfigs(read(child).value(), configs, depth + 1);
          }
        }
      }
    }
  }

  private Document<Manifest> read(Descriptor manifest) throws IOException {
    if (!files.holds(manifest.digest())) {
      throw new Fault.Invalid(
          "invalid archive: it names " + manifest.digest() + " and does not hold it");
    }
    return Manifests.read(manifest.mediaType(), document(manifest, Manifests.MAX_BYTES));
  }

  /// A small file of the archive.
  private byte[] document(Descriptor descriptor, int limit) throws IOException {
    if (descriptor.size() <= limit && blobs.size(descriptor.digest()).isEmpty()) {
      throw new Fault.Invalid(
          "invalid archive: " + descriptor.digest() + " is a layer, where it names a document");
    }
    InputStream in =
        descriptor.size() > limit ? InputStream.nullInputStream() : blobs.open(descriptor.digest());
    return VerifiedInput.readAll(in, descriptor, limit);
  }

  /// The name that an entry of the layout has: the whole one that Docker and containerd write, or
  /// the one of the specification if it is more than a tag.
  private static @Nullable Reference name(Map<String, String> annotations) {
    String full = annotations.get(Annotations.FULL_NAME);
    if (full != null) {
      return Reference.parse(full);
    }
    String ref = annotations.get(Annotations.REF_NAME);
    return ref != null && (ref.indexOf(':') >= 0 || ref.indexOf('/') >= 0)
        ? Reference.parse(ref)
        : null;
  }

  private void addDocker(byte[] document) throws IOException {
    for (DockerArchiveImage image : Json.lean().readList(DockerArchiveImage.class, document)) {
      ArchiveFiles.Stored config = files.file(image.config());
      Found known = null;
      for (Found one : found.values()) {
        known = known == null && one.configs.contains(config.digest()) ? one : known;
      }
      if (known == null) {
        known = add(manifest(image, config));
      }
      for (String name : image.repoTags()) {
        known.names.add(Reference.parse(name));
      }
    }
  }

  /// Writes the manifest that Docker's archive does without.
  private Document<Manifest> manifest(DockerArchiveImage image, ArchiveFiles.Stored stored)
      throws IOException {
    checkName(image.config(), stored.digest());
    Descriptor config = Descriptor.of(MediaType.OCI_CONFIG, stored.digest(), stored.size());
    byte[] bytes = document(config, ImageCopy.MAX_CONFIG_BYTES);
    List<Digest> diffIds = Json.lean().read(ImageConfig.class, bytes).rootfs().diffIds();
    if (diffIds.size() != image.layers().size()) {
      throw new Fault.Invalid(
          "invalid archive: the config "
              + image.config()
              + " has "
              + diffIds.size()
              + " layers, manifest.json "
              + image.layers().size());
    }
    List<Descriptor> layers = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      layers.add(layer(image.layers().get(i), diffIds.get(i)));
    }
    return Manifests.write(
        MediaType.OCI_MANIFEST, new Manifest.Image(config, layers, null, Map.of()));
  }

  private Descriptor layer(String path, Digest diffId) {
    ArchiveFiles.Stored stored = files.file(path);
    Compression compression = stored.compression();
    String type =
        switch (compression) {
          case NONE -> MediaType.OCI_LAYER;
          case GZIP -> MediaType.OCI_LAYER_GZIP;
          case ZSTD -> MediaType.OCI_LAYER_ZSTD;
          case BZIP2, XZ ->
              throw new Fault.Unsupported(
                  "layer \""
                      + path
                      + "\" is compressed with "
                      + compression
                      + "; want gzip or zstd");
        };
    Digest found =
        stored.diffId() == null && compression == Compression.NONE
            ? stored.digest()
            : stored.diffId();
    if (found != null && diffId.algorithm().equals(found.algorithm()) && !diffId.equals(found)) {
      throw new Fault.Invalid(
          "invalid archive: layer \""
              + path
              + "\" has the digest "
              + found
              + ", its image's config says "
              + diffId);
    }
    return Descriptor.of(type, stored.digest(), stored.size());
  }

  /// A config that is named by a digest must have it.
  private static void checkName(String path, Digest digest) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    String hex = name.endsWith(".json") ? name.substring(0, name.length() - 5) : name;
    if (hex.length() == digest.hex().length()
        && hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)
        && !hex.equals(digest.hex())) {
      throw new Fault.Invalid(
          "invalid archive: the config \"" + path + "\" has the digest " + digest);
    }
  }
}
