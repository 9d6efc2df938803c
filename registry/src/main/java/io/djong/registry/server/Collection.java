package io.djong.registry.server;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.json.Manifests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Takes away what nobody can reach, while the registry serves: blobs that no manifest of their
/// repository names, manifests of which no repository knows, and remains of uploads. What was
/// written, asked for or mounted within the grace is not garbage, so a running push loses nothing;
/// neither is what is used while this runs.
final class Collection {
  private static final Logger LOG = System.getLogger("io.djong.registry");

  private final Repositories repositories;
  private final RegistryStorage storage;
  private final Liveness liveness;
  private final Instant before;

  Collection(Repositories repositories, Duration grace, Instant now) {
    this.repositories = repositories;
    this.storage = repositories.storage();
    this.liveness = repositories.liveness();
    this.before = now.minus(grace);
  }

  /// What one run took away.
  ///
  /// @param links blobs that ceased to be in a repository
  record Taken(long links, long blobs, long bytes) {}

  /// Runs once. One at a time.
  Taken run() throws IOException {
    liveness.beginCollection();
    try {
      Set<Digest> kept = new HashSet<>();
      long links = 0;
      for (String flat : repositories.all(Keys.REPOSITORIES)) {
        links += collect(Keys.repository(flat), kept);
      }
      return sweep(kept, links);
    } finally {
      liveness.endCollection();
    }
  }

  /// @param kept gets what the repository goes on having
  private long collect(String repository, Set<Digest> kept) throws IOException {
    Set<Digest> named = new HashSet<>();
    for (String name : repositories.all(Keys.manifests(repository))) {
      Digest digest = Digest.parse(name);
      kept.add(digest);
      named.addAll(children(repository, digest));
    }
    long links = 0;
    for (String name : repositories.all(Keys.blobs(repository))) {
      Digest digest = Digest.parse(name);
      String key = Keys.blob(repository, digest);
      boolean garbage = !named.contains(digest) && storage.written(key).isBefore(before);
      if (garbage && liveness.unlessUsed(digest, () -> storage.deleteUnused(key, before))) {
        links++;
      } else {
        kept.add(digest);
      }
    }
    return links;
  }

  private List<Digest> children(String repository, Digest digest) throws IOException {
    byte[] mediaType = storage.read(Keys.manifest(repository, digest));
    if (mediaType == null) {
      return List.of();
    }
    try (var in = storage.blobs().open(digest)) {
      return Manifests.read(Repositories.text(mediaType), in.readAllBytes())
          .value()
          .children()
          .stream()
          .map(Descriptor::digest)
          .toList();
    } catch (Fault.NotFound e) {
      LOG.log(Level.WARNING, repository + ": manifest " + digest + " has lost its bytes");
      return List.of();
    }
  }

  private Taken sweep(Set<Digest> kept, long links) throws IOException {
    AtomicLong blobs = new AtomicLong();
    AtomicLong bytes = new AtomicLong();
    try (Stream<Digest> all = storage.digests()) {
      for (Digest digest : (Iterable<Digest>) all::iterator) {
        if (kept.contains(digest)) {
          continue;
        }
        liveness.unlessUsed(
            digest,
            () -> {
              OptionalLong freed = storage.deleteUnused(digest, before);
              if (freed.isPresent()) {
                blobs.incrementAndGet();
                bytes.addAndGet(freed.getAsLong());
              }
              return freed.isPresent();
            });
      }
    } catch (UncheckedIOException e) {
      throw new IOException(e);
    }
    return new Taken(links, blobs.get(), bytes.get());
  }

  /// Takes away what is left of uploads to which nobody has written for so long.
  void uploads(Instant untouchedSince) throws IOException {
    for (String id : repositories.all(Keys.UPLOADS)) {
      storage.deleteUnused(Keys.upload(id), untouchedSince);
    }
    storage.clear(untouchedSince);
  }
}
