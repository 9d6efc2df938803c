package io.djong.registry.server;

import io.djong.content.BlobWriter;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.json.Manifests;
import io.djong.registry.RegistryError;
import io.djong.registry.RegistryFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The repositories of a registry: which blobs, manifests and tags each has. A repository is there
/// while it has anything. Nothing of one is seen through another.
///
/// Safe for use by several threads. What a method made is durable when it returns. A tag never
/// names a manifest that is not there, and a manifest never a blob or manifest of its repository
/// that is not there, but for layers that are to be fetched elsewhere and what was deleted by name
/// since.
final class Repositories {
  private static final int PAGE = 10_000;
  private static final byte[] NOTHING = {};

  private final RegistryStorage storage;
  private final Policy policy;
  private final Liveness liveness = new Liveness();
  private final ManifestCache cache = new ManifestCache(16 << 20);

  Repositories(RegistryStorage storage, Policy policy) {
    this.storage = storage;
    this.policy = policy;
  }

  RegistryStorage storage() {
    return storage;
  }

  Liveness liveness() {
    return liveness;
  }

  // Blobs.

  /// Opens a blob of this repository; null if it is not there.
  @Nullable StoredBlob blob(String repository, Digest digest) throws IOException {
    return has(repository, digest) ? storage.open(digest) : null;
  }

  /// Whether the repository has the blob, which a push that asks so may rely on for a while.
  boolean has(String repository, Digest digest) throws IOException {
    return liveness.change(
        () ->
            liveness.using(
                digest,
                () -> {
                  String key = Keys.blob(repository, digest);
                  return storage.touch(key) && storage.use(digest).isPresent();
                }));
  }

  /// Makes an upload a blob of this repository.
  ///
  /// @throws RegistryFault with `DIGEST_INVALID` if the bytes are not the digest's; they are
  ///   dropped
  void commit(String repository, BlobWriter writer, Digest digest) throws IOException {
    policy.admitBytes(this, repository, writer.position());
    long size = writer.position();
    liveness.change(
        () -> {
          // Noted before it is there, so that nobody takes it before it is linked.
          liveness.using(digest, () -> true);
          try {
            Digest made = writer.commit(digest);
            storage.write(Keys.blob(repository, made), text(Long.toString(size)));
          } catch (Fault.Invalid e) {
            throw new RegistryFault(RegistryError.DIGEST_INVALID, e.getMessage());
          }
          return true;
        });
  }

  /// Gives the repository a blob that another one has.
  ///
  /// @param from null for whichever has it
  /// @return false if it is not there
  boolean mount(String repository, @Nullable String from, Digest digest) throws IOException {
    if (from != null && storage.read(Keys.blob(from, digest)) == null) {
      return false;
    }
    OptionalLong size = storage.blobs().size(digest);
    if (size.isEmpty()) {
      return false;
    }
    policy.admitBytes(this, repository, size.getAsLong());
    return liveness.change(
        () ->
            liveness.using(
                digest,
                () -> {
                  if (storage.use(digest).isEmpty()) {
                    return false;
                  }
                  storage.write(
                      Keys.blob(repository, digest), text(Long.toString(size.getAsLong())));
                  return true;
                }));
  }

  /// Takes the blob from this repository alone.
  boolean deleteBlob(String repository, Digest digest) throws IOException {
    return storage.delete(Keys.blob(repository, digest));
  }

  /// How many bytes the repository's blobs have together.
  long bytes(String repository) throws IOException {
    long sum = 0;
    for (String name : all(Keys.blobs(repository))) {
      byte[] size = storage.read(Keys.blobs(repository) + "/" + name);
      sum += size == null || size.length == 0 ? 0 : Long.parseLong(text(size));
    }
    return sum;
  }

  // Manifests and tags.

  /// The digest that a tag names; null if there is no such tag.
  @Nullable Digest tagged(String repository, String tag) throws IOException {
    byte[] digest = storage.read(Keys.tag(repository, tag));
    return digest == null ? null : Digest.parse(text(digest));
  }

  /// The manifest; null if the repository has none of this digest.
  @Nullable StoredManifest manifest(String repository, Digest digest) throws IOException {
    String key = Keys.manifest(repository, digest);
    StoredManifest kept = cache.get(key);
    if (kept != null && !storage.isShared()) {
      return kept;
    }
    byte[] mediaType = storage.read(key);
    if (mediaType == null) {
      cache.remove(key); // Deleted by another server.
      return null;
    }
    if (kept != null) {
      return kept;
    }
    byte[] bytes;
    try (InputStream in = storage.blobs().open(digest)) {
      bytes = in.readNBytes(Manifests.MAX_BYTES + 1);
    } catch (Fault.NotFound e) {
      return null;
    }
    StoredManifest manifest = new StoredManifest(text(mediaType), digest, bytes);
    cache.put(key, manifest);
    if (storage.read(key) == null) {
      cache.remove(key); // Deleted between: it must not live on here.
    }
    return manifest;
  }

  boolean hasManifest(String repository, Digest digest) throws IOException {
    return storage.read(Keys.manifest(repository, digest)) != null
        && storage.use(digest).isPresent();
  }

  /// Stores a manifest under its digest, and under a tag if one is given.
  ///
  /// @throws RegistryFault with `MANIFEST_BLOB_UNKNOWN` if it names what the repository has not, or
  ///   `DENIED` if the tag is there and may not change
  void put(String repository, @Nullable String tag, Digest digest, Document<Manifest> manifest)
      throws IOException {
    byte[] bytes = manifest.bytes();
    liveness.change(
        () -> {
          List<Map<String, Object>> missing = missing(repository, manifest.value());
          if (!missing.isEmpty()) {
            throw new RegistryFault(
                RegistryError.MANIFEST_BLOB_UNKNOWN, "blob unknown to registry", missing);
          }
          if (tag != null) {
            policy.admitTag(this, repository, tag, digest);
          }
          liveness.using(
              digest,
              () -> {
                store(digest, bytes);
                storage.write(
                    Keys.manifest(repository, digest), text(manifest.descriptor().mediaType()));
                return true;
              });
          Descriptor subject = Referrer.subject(manifest.value());
          if (subject != null) {
            storage.write(
                Keys.referrer(repository, subject.digest(), digest),
                Referrer.of(manifest, digest).bytes());
          }
          if (tag != null) {
            name(repository, tag, digest);
          }
          return true;
        });
  }

  /// Keeps what another registry has, whose children may come later or never.
  void keepCopy(String repository, @Nullable String tag, Digest digest, Document<Manifest> manifest)
      throws IOException {
    byte[] bytes = manifest.bytes();
    liveness.change(
        () ->
            liveness.using(
                digest,
                () -> {
                  store(digest, bytes);
                  storage.write(
                      Keys.manifest(repository, digest), text(manifest.descriptor().mediaType()));
                  if (tag != null && !digest.equals(tagged(repository, tag))) {
                    storage.write(Keys.tag(repository, tag), text(digest.toString()));
                  }
                  return true;
                }));
  }

  private void name(String repository, String tag, Digest digest) throws IOException {
    String key = Keys.tag(repository, tag);
    byte[] value = text(digest.toString());
    if (!policy.isImmutable(repository, tag)) {
      storage.write(key, value);
    } else if (!storage.create(key, value)) {
      // Another one came first, after we looked.
      policy.admitTag(this, repository, tag, digest);
    }
  }

  private void store(Digest digest, byte[] bytes) throws IOException {
    if (storage.use(digest).isEmpty()) {
      try (BlobWriter writer = storage.blobs().newWriter()) {
        writer.write(bytes);
        Digest stored = writer.commit(digest);
        if (!stored.equals(digest)) {
          throw new IllegalStateException(stored + " instead of " + digest);
        }
      }
    }
  }

  private List<Map<String, Object>> missing(String repository, Manifest manifest)
      throws IOException {
    List<Map<String, Object>> missing = new ArrayList<>();
    for (Descriptor child : manifest.children()) {
      boolean there =
          switch (manifest) {
            case Manifest.Index index ->
                liveness.using(child.digest(), () -> hasManifest(repository, child.digest()));
            case Manifest.Image image -> isElsewhere(child) || has(repository, child.digest());
          };
      if (!there) {
        missing.add(Map.of("digest", child.digest().toString()));
      }
    }
    return missing;
  }

  /// Layers that by their licence are not pushed (OCI image specification, Non-Distributable
  /// Layers).
  static boolean isElsewhere(Descriptor layer) {
    return layer.mediaType().contains(".nondistributable.")
        || layer.mediaType().contains(".rootfs.foreign.");
  }

  /// Takes the tag away; the manifest stays.
  boolean deleteTag(String repository, String tag) throws IOException {
    policy.admitRemoval(repository, tag);
    return storage.delete(Keys.tag(repository, tag));
  }

  /// Takes away a manifest with its tags and what it says about its subject.
  boolean deleteManifest(String repository, Digest digest) throws IOException {
    StoredManifest manifest = manifest(repository, digest);
    if (manifest == null) {
      return false;
    }
    List<String> named = new ArrayList<>();
    for (String tag : all(Keys.tags(repository))) {
      if (digest.equals(tagged(repository, tag))) {
        policy.admitRemoval(repository, tag);
        named.add(tag);
      }
    }
    for (String tag : named) {
      storage.delete(Keys.tag(repository, tag));
    }
    remove(repository, manifest);
    return true;
  }

  /// Takes away a manifest that no tag names.
  void remove(String repository, StoredManifest manifest) throws IOException {
    Descriptor subject =
        Referrer.subject(Manifests.read(manifest.mediaType(), manifest.bytes()).value());
    if (subject != null) {
      storage.delete(Keys.referrer(repository, subject.digest(), manifest.digest()));
    }
    storage.delete(Keys.manifest(repository, manifest.digest()));
    cache.remove(Keys.manifest(repository, manifest.digest()));
  }

  /// Takes away a manifest that no tag, no index of the repository and no subject keeps.
  void removeIfLoose(String repository, Digest digest) throws IOException {
    for (String tag : all(Keys.tags(repository))) {
      if (digest.equals(tagged(repository, tag))) {
        return;
      }
    }
    for (String name : all(Keys.manifests(repository))) {
      StoredManifest other = manifest(repository, Digest.parse(name));
      if (other != null
          && Manifests.read(other.mediaType(), other.bytes()).value()
              instanceof Manifest.Index index
          && index.manifests().stream().anyMatch(child -> child.digest().equals(digest))) {
        return;
      }
    }
    StoredManifest manifest = manifest(repository, digest);
    if (manifest != null) {
      remove(repository, manifest);
    }
  }

  // Lists.

  boolean exists(String repository) throws IOException {
    return !storage.names(Keys.REPOSITORIES + "/" + Keys.flat(repository), "", 1).isEmpty();
  }

  List<String> tags(String repository, String after, int limit) throws IOException {
    return storage.names(Keys.tags(repository), after, limit);
  }

  /// Names of repositories, compared part by part.
  List<String> names(String after, int limit) throws IOException {
    return storage.names(Keys.REPOSITORIES, Keys.flat(after), limit).stream()
        .map(Keys::repository)
        .toList();
  }

  /// What says that it is about this manifest, whether that is there or not.
  List<Referrer> referrers(String repository, Digest subject) throws IOException {
    List<Referrer> all = new ArrayList<>();
    for (String name : all(Keys.referrers(repository, subject))) {
      byte[] entry = storage.read(Keys.referrers(repository, subject) + "/" + name);
      if (entry != null) {
        all.add(Referrer.read(entry));
      }
    }
    return all;
  }

  /// Every name in a folder of the storage.
  List<String> all(String folder) throws IOException {
    List<String> all = new ArrayList<>();
    String after = "";
    while (true) {
      List<String> page = storage.names(folder, after, PAGE);
      all.addAll(page);
      if (page.size() < PAGE) {
        return all;
      }
      after = Objects.requireNonNull(page.getLast());
    }
  }

  static byte[] text(String text) {
    return text.isEmpty() ? NOTHING : text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
