package io.djong.content;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.Manifest;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Json;
import io.djong.model.json.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// The images on this machine: blobs, and the names that point at them. A source of images as it
/// is, and a target under a [Lease]. Safe for use by several threads; one of these at a time owns a
/// blob store, since only its own leases hold a sweep back.
public final class LocalImages implements ImageSource {
  private final BlobStore blobs;
  private final ImageNames names;
  private final Leases leases;

  public LocalImages(BlobStore blobs, ImageNames names) {
    this.blobs = blobs;
    this.names = names;
    this.leases = new Leases(blobs);
  }

  /// Takes a lease that holds nothing yet.
  public Lease lease() {
    return leases.open();
  }

  /// The place for images to be copied to. All that is put there, or asked for, is kept by the
  /// lease.
  public ImageTarget target(Lease lease) {
    return new LocalTarget(blobs, names, lease, null);
  }

  /// The same, where layers go to an intake in the pass that brings them. A layer that is here is
  /// not asked for again.
  public ImageTarget target(Lease lease, LayerIntake intake) {
    return new LocalTarget(blobs, names, lease, intake);
  }

  @Override
  public Document<Manifest> resolve(Reference reference) throws IOException {
    Descriptor manifest = names.get(reference);
    if (manifest == null) {
      throw new Fault.NotFound("No such image: " + reference.familiar());
    }
    return manifest(manifest);
  }

  @Override
  public InputStream open(Repository from, Descriptor blob) throws IOException {
    return blobs.open(blob.digest());
  }

  /// Reads a manifest or index and checks its bytes.
  ///
  /// @throws Fault.NotFound if it is not there
  /// @throws Fault.Invalid if it is damaged
  public Document<Manifest> manifest(Descriptor manifest) throws IOException {
    byte[] bytes =
        VerifiedInput.readAll(blobs.open(manifest.digest()), manifest, Manifests.MAX_BYTES);
    return Manifests.read(manifest.mediaType(), bytes);
  }

  /// Reads an image's config and checks its bytes.
  ///
  /// @throws Fault.NotFound if it is not there
  /// @throws Fault.Invalid if it is damaged
  public Document<ImageConfig> config(Manifest.Image image) throws IOException {
    Descriptor config = image.config();
    byte[] bytes =
        VerifiedInput.readAll(blobs.open(config.digest()), config, ImageCopy.MAX_CONFIG_BYTES);
    return Document.of(config.mediaType(), Json.lean().read(ImageConfig.class, bytes), bytes);
  }

  /// What a sweep freed.
  public record Swept(int blobs, long bytes) {}

  /// Frees all blobs that nothing needs: neither a name, nor a root given here, nor a lease. Roots
  /// are digests of manifests, indexes or single blobs; what they name is needed too, as deep as it
  /// goes, and a manifest that is not there or damaged needs nothing. Leases that are asked to keep
  /// something meanwhile wait.
  public Swept sweep(Collection<Digest> roots) throws IOException {
    return leases.alone(
        held -> {
          int count = 0;
          long bytes = 0;
          for (Descriptor blob : unneeded(roots, held)) {
            blobs.delete(blob.digest());
            count++;
            bytes += blob.size();
          }
          return new Swept(count, bytes);
        });
  }

  /// The blobs that a sweep with these roots would free.
  public List<Descriptor> unneeded(Collection<Digest> roots) throws IOException {
    return leases.alone(held -> unneeded(roots, held));
  }

  private List<Descriptor> unneeded(Collection<Digest> roots, List<Digest> held)
      throws IOException {
    Reachable needed = new Reachable(blobs);
    for (ImageNames.Named named : names.list()) {
      needed.add(named.manifest());
    }
    for (Digest root : roots) {
      needed.add(root);
    }
    for (Digest root : held) {
      needed.add(root);
    }
    try (Stream<Descriptor> all = blobs.list()) {
      return all.filter(blob -> !needed.contains(blob.digest())).toList();
    }
  }

  /// Frees a blob that can be had again in another way, unless a lease keeps it.
  ///
  /// @return whether it is gone
  public boolean evict(Digest blob) throws IOException {
    return leases.alone(
        held -> {
          if (held.contains(blob)) {
            return false;
          }
          blobs.delete(blob);
          return true;
        });
  }
}
