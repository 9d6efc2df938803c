package io.djong.engine.image;

import io.djong.content.ImageNames;
import io.djong.content.ImageNames.Named;
import io.djong.content.LocalImages;
import io.djong.content.PlatformChoice;
import io.djong.content.RecordStore;
import io.djong.content.RecordStore.Change;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.Manifest;
import io.djong.model.Platform;
import io.djong.model.Reference;
import io.djong.model.json.Json;
import io.djong.model.record.ImageRecord;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Which images there are, by id. A name may point at an image or at an index of several; of an
/// index, the one for this machine is meant.
final class ImageIndex {
  /// The kind of the records, one an image; the key is its id.
  static final String KIND = "image";

  private final RecordStore records;
  private final LocalImages local;
  private final ImageNames names;
  private final InstantSource clock;
  private final Map<Digest, StoredImage> images = new ConcurrentHashMap<>();
  private final Map<Digest, Digest> idsByManifest = new ConcurrentHashMap<>();

  ImageIndex(RecordStore records, LocalImages local, ImageNames names, InstantSource clock)
      throws IOException {
    this.records = records;
    this.local = local;
    this.names = names;
    this.clock = clock;
    for (byte[] kept : records.all(KIND).values()) {
      ImageRecord record = Json.lean().read(ImageRecord.class, kept);
      try {
        remember(read(record, manifest(record)));
      } catch (Fault.NotFound | Fault.Invalid e) {
        System.getLogger(ImageIndex.class.getName())
            .log(System.Logger.Level.ERROR, "image " + record.id() + " is damaged", e);
      }
    }
  }

  private Manifest.Image manifest(ImageRecord record) throws IOException {
    Descriptor descriptor =
        Descriptor.of(record.mediaType(), record.manifest(), record.manifestSize());
    return image(local.manifest(descriptor));
  }

  private StoredImage read(ImageRecord record, Manifest.Image manifest) throws IOException {
    return new StoredImage(record, manifest, local.config(manifest).value());
  }

  private void remember(StoredImage image) {
    images.put(image.id(), image);
    idsByManifest.put(image.record().manifest(), image.id());
  }

  Collection<StoredImage> all() {
    return images.values();
  }

  @Nullable StoredImage byId(Digest id) {
    return images.get(id);
  }

  /// The image that a manifest or index means on this machine, read and not yet known.
  StoredImage read(Document<Manifest> top) throws IOException {
    Document<Manifest> chosen = choose(top);
    Manifest.Image manifest = image(chosen);
    Document<ImageConfig> config = local.config(manifest);
    if (config.value().rootfs().diffIds().size() != manifest.layers().size()) {
      throw new Fault.Invalid(
          "image "
              + config.digest()
              + ": the config names "
              + config.value().rootfs().diffIds().size()
              + " layers and the manifest "
              + manifest.layers().size());
    }
    StoredImage known = images.get(config.digest());
    // An image may come by another manifest than before, with its layers packed in another way: the
    // newest counts, since all that it names is here now.
    ImageRecord record =
        new ImageRecord(
            config.digest(),
            chosen.digest(),
            chosen.descriptor().mediaType(),
            chosen.descriptor().size(),
            known == null ? null : known.record().parent(),
            known == null ? null : known.record().lastTagged());
    if (!top.digest().equals(record.manifest())) {
      idsByManifest.put(top.digest(), config.digest());
    }
    return new StoredImage(record, manifest, config.value());
  }

  private Document<Manifest> choose(Document<Manifest> top) throws IOException {
    return switch (top.value()) {
      case Manifest.Image _ -> top;
      case Manifest.Index index -> {
        // The index may be here with some of its images only: another may be there.
        Fault.@Nullable NotFound skipped = null;
        for (Descriptor candidate :
            new PlatformChoice.Only(Platform.current()).candidates(index.manifests())) {
          try {
            yield choose(local.manifest(candidate));
          } catch (Fault.NotFound e) {
            skipped = e;
          }
        }
        String where = skipped == null ? "" : ": " + skipped.getMessage();
        throw new Fault.NotFound(
            "no image for " + Platform.current() + " in index " + top.digest() + where);
      }
    };
  }

  private static Manifest.Image image(Document<Manifest> document) {
    return switch (document.value()) {
      case Manifest.Image image -> image;
      case Manifest.Index _ ->
          throw new Fault.Invalid("manifest " + document.digest() + " is an index");
    };
  }

  /// Reads an image again whose documents were damaged.
  void restore(ImageRecord record) throws IOException {
    remember(read(record, manifest(record)));
  }

  /// Makes an image known, durably.
  void add(StoredImage image) throws IOException {
    records.put(KIND, image.id().toString(), Json.lean().write(image.record()));
    remember(image);
  }

  /// Notes that it got a name now; nobody waits for the disk for that.
  void tagged(Digest id) throws IOException {
    StoredImage image = images.get(id);
    if (image != null) {
      ImageRecord old = image.record();
      ImageRecord now =
          new ImageRecord(
              old.id(),
              old.manifest(),
              old.mediaType(),
              old.manifestSize(),
              old.parent(),
              clock.instant().toString());
      records.writeLater(List.of(new Change(KIND, id.toString(), Json.lean().write(now))));
      remember(new StoredImage(now, image.manifest(), image.config()));
    }
  }

  void remove(Digest id) throws IOException {
    records.delete(KIND, id.toString());
    StoredImage gone = images.remove(id);
    if (gone != null) {
      idsByManifest.values().removeIf(id::equals);
    }
  }

  /// The names of an image, in the order of their texts.
  List<Reference> names(Digest id) throws IOException {
    List<Reference> all = new ArrayList<>();
    for (Named named : names.list()) {
      if (id.equals(idOf(named.manifest()))) {
        all.add(named.name());
      }
    }
    return all;
  }

  /// The image that a name's manifest means, or null if it is not here.
  @Nullable Digest idOf(Descriptor manifest) throws IOException {
    Digest known = idsByManifest.get(manifest.digest());
    if (known != null) {
      return known;
    }
    try {
      StoredImage image = read(local.manifest(manifest));
      idsByManifest.put(manifest.digest(), image.id());
      return image.id();
    } catch (Fault.NotFound | Fault.Invalid e) {
      return null;
    }
  }

  /// The layer that comes out of a blob, as some image says.
  @Nullable Digest layerOf(Digest blob) {
    for (StoredImage image : images.values()) {
      for (Layer layer : image.layers()) {
        if (layer.descriptor().digest().equals(blob)) {
          return layer.diffId();
        }
      }
    }
    return null;
  }

  /// What is meant by a reference, an id or a part of one.
  ///
  /// @throws Fault.NotFound in Docker's words if there is none
  StoredImage find(String ref) throws IOException {
    StoredImage byName = byName(ref);
    if (byName != null) {
      return byName;
    }
    StoredImage byId = byIdPrefix(ref);
    if (byId == null) {
      throw notFound(ref);
    }
    return byId;
  }

  private static Fault notFound(String ref) {
    try {
      return new Fault.NotFound("No such image: " + Reference.parse(ref).familiar());
    } catch (Fault.Invalid e) {
      return new Fault.NotFound("No such image: " + ref);
    }
  }

  @Nullable StoredImage byName(String ref) throws IOException {
    Reference reference;
    try {
      reference = Reference.parse(ref);
    } catch (Fault.Invalid e) {
      return null; // It may still be an id.
    }
    Descriptor manifest = names.get(reference);
    if (manifest == null && reference instanceof Reference.Pin pin) {
      manifest = pinned(pin);
    }
    Digest id = manifest == null ? null : idOf(manifest);
    return id == null ? null : images.get(id);
  }

  /// A digest of an image that has a name in that repository.
  private @Nullable Descriptor pinned(Reference.Pin pin) throws IOException {
    for (Named named : names.list()) {
      if (named.name().repository().equals(pin.repository())
          && named.manifest().digest().equals(pin.digest())) {
        return named.manifest();
      }
    }
    return null;
  }

  /// Whether a text is an id, or a part of one, rather than a name.
  @Nullable StoredImage byIdPrefix(String ref) {
    String hex = ref.startsWith("sha256:") ? ref.substring(7) : ref;
    if (hex.isEmpty() || hex.length() > 64 || !hex.chars().allMatch(ImageIndex::isHex)) {
      return null;
    }
    StoredImage found = null;
    for (StoredImage image : images.values()) {
      if (image.id().hex().startsWith(hex)) {
        if (found != null) {
          throw new Fault.Invalid("multiple IDs found with provided prefix: " + ref);
        }
        found = image;
      }
    }
    return found;
  }

  private static boolean isHex(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }
}
