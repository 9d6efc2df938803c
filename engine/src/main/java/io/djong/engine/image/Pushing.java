package io.djong.engine.image;

import io.djong.content.BlobWriter;
import io.djong.content.Compression;
import io.djong.content.ImageCopy;
import io.djong.content.ImageNames.Named;
import io.djong.content.ImageSource;
import io.djong.content.Lease;
import io.djong.content.PlatformChoice;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.Reference.Pin;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Manifests;
import io.djong.model.record.ImageRecord;
import io.djong.registry.Credentials;
import io.djong.registry.client.RegistryClient;
import io.djong.registry.client.RegistryTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Sends images to registries: what is missing there, and nothing twice. A layer that is here
/// uncompressed alone is compressed for the way, always to the same bytes.
final class Pushing {
  private static final int LAYERS_AT_ONCE = 5;

  private final Pulling.Parts parts;
  private final RegistryClient client;

  /// What layers became that were packed here, by their diffIDs: packed again they are the same.
  private final Map<Digest, Descriptor> packedAs = new ConcurrentHashMap<>();

  Pushing(Pulling.Parts parts, RegistryClient client) {
    this.parts = parts;
    this.client = client;
  }

  /// See [io.djong.engine.Registries#push].
  Descriptor push(Reference.Tag name, Credentials credentials, Progress progress)
      throws IOException, InterruptedException {
    Repository repository = name.repository();
    StoredImage found = parts.index().byName(name.toString());
    if (found == null) {
      throw new Fault.NotFound(
          "An image does not exist locally with the tag: " + repository.familiar());
    }
    StoredImage image = asNamed(found, name);
    progress.say("The push refers to repository [" + repository + "]");
    Document<Manifest> sent;
    try (Lease lease = parts.local().lease();
        ImageLayers.Hold _ = parts.layers().hold(image)) {
      lease.keep(image.record().manifest());
      image.manifest().children().forEach(child -> lease.keep(child.digest()));
      ImageSource source = new Packed();
      RegistryTarget target =
          client.target(
              repository.host(),
              credentials,
              blob -> source.open(repository, blob),
              blob -> elsewhere(repository, blob));
      Document<Manifest> manifest = manifest(image, target, repository, lease);
      sent =
          new ImageCopy(ImageCopy.Words.PUSH, LAYERS_AT_ONCE)
              .copy(
                  source,
                  repository,
                  manifest,
                  target,
                  repository,
                  PlatformChoice.ALL,
                  new Mounted(target, progress));
      target.publish(name, sent);
    } finally {
      parts.layers().free(image.top(), parts.index().all());
    }
    try (StoredImages.Hold _ = parts.door().get()) {
      if (parts.index().byId(image.id()) != null) {
        parts.names().put(new Pin(repository, null, sent.digest()), image.descriptor());
      }
    }
    parts.listener().tell("push", image.id(), name.familiar(), image);
    progress.say(name.tag() + ": digest: " + sent.digest() + " size: " + sent.descriptor().size());
    return sent.descriptor();
  }

  /// The image by the manifest that the name has, where it came in several ways.
  private StoredImage asNamed(StoredImage image, Reference.Tag name) throws IOException {
    Descriptor named = parts.names().get(name);
    if (named == null || named.digest().equals(image.record().manifest())) {
      return image;
    }
    Document<Manifest> own;
    try {
      own = parts.local().manifest(named);
    } catch (Fault.NotFound | Fault.Invalid e) {
      return image;
    }
    return own.value() instanceof Manifest.Image manifest
            && manifest.config().digest().equals(image.id())
            && manifest.layers().size() == image.layers().size()
        ? new StoredImage(
            new ImageRecord(image.id(), own.digest(), named.mediaType(), named.size(), null, null),
            manifest,
            image.config())
        : image;
  }

  /// What the registry gets: the image's own manifest where all its layers are at hand as they are
  /// named there, here or on the registry; else one with layers packed here.
  private Document<Manifest> manifest(
      StoredImage image, RegistryTarget target, Repository repository, Lease lease)
      throws IOException {
    List<Descriptor> packed = new ArrayList<>();
    boolean same = true;
    for (Layer layer : image.layers()) {
      Descriptor own = layer.descriptor();
      boolean plain = own.digest().equals(layer.diffId());
      if (!plain && (parts.layers().hasBlob(own.digest()) || target.contains(repository, own))) {
        packed.add(own);
      } else {
        packed.add(packed(layer, target, repository, lease));
        same = false;
      }
    }
    if (same) {
      return parts.local().manifest(image.descriptor());
    }
    Descriptor config = image.manifest().config();
    return Manifests.write(
        MediaType.OCI_MANIFEST,
        new Manifest.Image(
            Descriptor.of(MediaType.OCI_CONFIG, config.digest(), config.size()),
            packed,
            null,
            image.manifest().annotations()));
  }

  private Descriptor packed(Layer layer, RegistryTarget target, Repository repository, Lease lease)
      throws IOException {
    Descriptor known = packedAs.get(layer.diffId());
    if (known != null) {
      lease.keep(known.digest());
      if (parts.layers().hasBlob(known.digest()) || target.contains(repository, known)) {
        return known;
      }
    }
    Descriptor packed = pack(layer, lease);
    packedAs.put(layer.diffId(), packed);
    return packed;
  }

  private Descriptor pack(Layer layer, Lease lease) throws IOException {
    try (BlobWriter writer = lease.newWriter()) {
      boolean done = false;
      try {
        try (InputStream tar = parts.layers().openTar(layer);
            OutputStream packing = Compression.gzip(new Kept(writer))) {
          tar.transferTo(packing);
        }
        long size = writer.position();
        Descriptor packed = Descriptor.of(MediaType.OCI_LAYER_GZIP, writer.commit(null), size);
        done = true;
        return packed;
      } finally {
        if (!done) {
          writer.discard();
        }
      }
    }
  }

  /// A repository on the same registry that an image with this layer came from, or went to.
  private @Nullable String elsewhere(Repository repository, Descriptor blob) throws IOException {
    for (Named named : parts.names().list()) {
      Repository other = named.name().repository();
      if (named.name() instanceof Pin
          && other.host().equals(repository.host())
          && !other.equals(repository)) {
        Digest id = parts.index().idOf(named.manifest());
        StoredImage image = id == null ? null : parts.index().byId(id);
        if (image != null && has(image, blob)) {
          return other.path();
        }
      }
    }
    return null;
  }

  private boolean has(StoredImage image, Descriptor blob) {
    for (Layer layer : image.layers()) {
      Descriptor packed = packedAs.get(layer.diffId());
      if (layer.descriptor().digest().equals(blob.digest())
          || (packed != null && packed.digest().equals(blob.digest()))) {
        return true;
      }
    }
    return image.manifest().config().digest().equals(blob.digest());
  }

  /// The blobs of this machine, as they are.
  private final class Packed implements ImageSource {
    @Override
    public Document<Manifest> resolve(Reference reference) throws IOException {
      return parts.local().resolve(reference);
    }

    @Override
    public InputStream open(Repository from, Descriptor blob) throws IOException {
      return parts.local().open(from, blob);
    }
  }

  /// Says where a layer was taken over from, as Docker does.
  private record Mounted(RegistryTarget target, Progress progress) implements Progress {
    @Override
    public void on(Event event) {
      String id = event.id();
      String from =
          id != null && event.status().equals(ImageCopy.Words.PUSH.exists())
              ? target.mountedFrom(id)
              : null;
      progress.on(from == null ? event : new Event(id, "Mounted from " + from, 0, 0));
    }
  }

  /// Packing closes its stream at its end; a writer that is closed cannot be committed.
  private static final class Kept extends java.io.FilterOutputStream {
    Kept(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {}
  }
}
