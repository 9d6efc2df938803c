package io.djong.registry.server;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.json.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads everything a registry keeps and compares it with its names. Changes nothing.
public final class Scrub {
  private final Repositories repositories;

  public Scrub(RegistryStorage storage) {
    this.repositories = new Repositories(storage, Policy.OPEN);
  }

  /// What was found.
  ///
  /// @param damage one sentence for each thing that is not as it must be
  public record Findings(long blobs, long bytes, List<String> damage) {
    public Findings {
      damage = List.copyOf(damage);
    }
  }

  public Findings run() throws IOException {
    RegistryStorage storage = repositories.storage();
    List<String> damage = new ArrayList<>();
    Set<Digest> whole = new HashSet<>();
    long blobs = 0;
    long bytes = 0;
    try (var all = storage.blobs().list()) {
      for (Descriptor blob : (Iterable<Descriptor>) all::iterator) {
        blobs++;
        bytes += blob.size();
        if (isWhole(blob.digest())) {
          whole.add(blob.digest());
        } else {
          damage.add("blob " + blob.digest() + " does not have the bytes of its digest");
        }
      }
    }
    for (String flat : repositories.all(Keys.REPOSITORIES)) {
      check(Keys.repository(flat), whole, damage);
    }
    return new Findings(blobs, bytes, damage);
  }

  private boolean isWhole(Digest digest) throws IOException {
    var hash = Digest.newHash(digest.algorithm());
    try (InputStream in = repositories.storage().blobs().open(digest);
        OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), hash)) {
      in.transferTo(out);
    }
    return Digest.ofHash(digest.algorithm(), hash.digest()).equals(digest);
  }

  private void check(String repository, Set<Digest> whole, List<String> damage) throws IOException {
    for (String name : repositories.all(Keys.manifests(repository))) {
      Digest digest = Digest.parse(name);
      StoredManifest manifest = repositories.manifest(repository, digest);
      if (manifest == null || !whole.contains(digest)) {
        damage.add(repository + ": manifest " + digest + " is missing or damaged");
        continue;
      }
      try {
        for (Descriptor child :
            Manifests.read(manifest.mediaType(), manifest.bytes()).value().children()) {
          if (!whole.contains(child.digest()) && !Repositories.isElsewhere(child)) {
            damage.add(
                repository + ": " + child.digest() + " of manifest " + digest + " is missing");
          }
        }
      } catch (Fault.Invalid e) {
        damage.add(repository + ": manifest " + digest + ": " + e.getMessage());
      }
    }
    for (String tag : repositories.all(Keys.tags(repository))) {
      Digest digest = repositories.tagged(repository, tag);
      if (digest == null || !repositories.hasManifest(repository, digest)) {
        damage.add(repository + ": tag " + tag + " names a manifest that is not there");
      }
    }
  }
}
