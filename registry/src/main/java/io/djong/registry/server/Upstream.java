package io.djong.registry.server;

import io.djong.content.BlobWriter;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Manifests;
import io.djong.registry.Credentials;
import io.djong.registry.RegistryError;
import io.djong.registry.RegistryFault;
import io.djong.registry.client.RegistryClient;
import io.djong.registry.client.RegistrySource;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The registry that a mirror stands for. What is asked for and not here is fetched, verified, kept
/// and then served; a tag is looked up anew each time, and answered from what is here while the
/// upstream is away. Safe for use by several threads: of those who want the same blob, one fetches.
final class Upstream {
  private static final Logger LOG = System.getLogger("io.djong.registry");

  private final Repositories repositories;
  private final String host;
  private final RegistrySource source;
  private final Map<Digest, ReentrantLock> fetching = new ConcurrentHashMap<>();

  Upstream(Repositories repositories, RegistryClient client, String host, Credentials user) {
    this.repositories = repositories;
    this.host = host;
    this.source = client.source(host, user);
  }

  /// Sees to it that what the upstream has under this tag now is here.
  ///
  /// @return its digest; null if the upstream has no such tag, or is away and it never was here
  @Nullable Digest tag(String repository, String tag) throws IOException {
    try {
      return keep(repository, tag, new Reference.Tag(new Repository(host, repository), tag));
    } catch (Fault.NotFound e) {
      return null;
    } catch (Fault.Invalid e) {
      throw away(e);
    } catch (IOException | Fault.Unavailable e) {
      LOG.log(Level.WARNING, "the upstream " + host + " is away; answering from what is here", e);
      return repositories.tagged(repository, tag);
    }
  }

  /// Sees to it that a manifest is here, if the upstream has it.
  void manifest(String repository, Digest digest) throws IOException {
    if (repositories.hasManifest(repository, digest)) {
      return;
    }
    try {
      Digest kept =
          keep(repository, null, new Reference.Pin(new Repository(host, repository), null, digest));
      LOG.log(Level.DEBUG, () -> "fetched " + kept);
    } catch (Fault.NotFound e) {
      // Then it is not here, which is answered as ever.
    } catch (IOException | Fault.Invalid | Fault.Unavailable e) {
      throw away(e);
    }
  }

  private Digest keep(String repository, @Nullable String tag, Reference reference)
      throws IOException {
    Document<Manifest> manifest = source.resolve(reference);
    Digest digest = reference instanceof Reference.Pin pin ? pin.digest() : manifest.digest();
    repositories.keepCopy(repository, tag, digest, manifest);
    return digest;
  }

  /// Sees to it that a blob is here, if a manifest of the repository that is here names it.
  void blob(String repository, Digest digest) throws IOException {
    if (repositories.has(repository, digest)) {
      return;
    }
    Descriptor blob = named(repository, digest);
    if (blob == null) {
      return;
    }
    ReentrantLock mine = fetching.computeIfAbsent(digest, key -> new ReentrantLock());
    mine.lock();
    try {
      if (!repositories.has(repository, digest) && !repositories.mount(repository, null, digest)) {
        fetch(repository, blob);
      }
    } catch (Fault.NotFound e) {
      LOG.log(Level.DEBUG, "the upstream has not " + digest, e);
    } catch (IOException | Fault.Invalid | Fault.Unavailable | RegistryFault e) {
      throw away(e);
    } finally {
      mine.unlock();
      fetching.remove(digest, mine);
    }
  }

  /// Whoever asks us is not to blame, and may ask again.
  private RegistryFault away(Exception cause) {
    LOG.log(Level.WARNING, "asking the upstream " + host, cause);
    return new RegistryFault(
        RegistryError.UNAVAILABLE, "the upstream " + host + " does not give it now");
  }

  private void fetch(String repository, Descriptor blob) throws IOException {
    try (BlobWriter writer = repositories.storage().blobs().newWriter()) {
      boolean whole = false;
      try (InputStream in = source.open(new Repository(host, repository), blob)) {
        in.transferTo(writer);
        whole = writer.position() == blob.size();
      } finally {
        if (!whole) {
          writer.discard();
        }
      }
      if (whole) {
        repositories.commit(repository, writer, blob.digest());
      }
    }
  }

  private @Nullable Descriptor named(String repository, Digest digest) throws IOException {
    for (String name : repositories.all(Keys.manifests(repository))) {
      StoredManifest manifest = repositories.manifest(repository, Digest.parse(name));
      if (manifest == null) {
        continue;
      }
      for (Descriptor child :
          Manifests.read(manifest.mediaType(), manifest.bytes()).value().children()) {
        if (child.digest().equals(digest)) {
          return child;
        }
      }
    }
    return null;
  }
}
