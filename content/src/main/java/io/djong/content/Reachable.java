package io.djong.content;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.json.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/// The blobs that can be reached from some roots through manifests and indexes, however deep.
final class Reachable {
  private final BlobStore blobs;
  private final Set<Digest> reached = new HashSet<>();

  /// What was read as a manifest. Not the same as reached: a hostile image may name another image's
  /// manifest as a layer of its own.
  private final Set<Digest> expanded = new HashSet<>();

  Reachable(BlobStore blobs) {
    this.blobs = blobs;
  }

  boolean contains(Digest blob) {
    return reached.contains(blob);
  }

  /// Adds a blob of which only the digest is known; it may be anything.
  void add(Digest root) throws IOException {
    if (!expanded.contains(root) && looksLikeJson(root)) {
      add(Descriptor.of(MediaType.OCI_MANIFEST, root, 0));
    }
    reached.add(root);
  }

  void add(Descriptor root) throws IOException {
    // No recursion: the depth is whatever somebody pushed.
    Deque<Descriptor> next = new ArrayDeque<>();
    next.add(root);
    while (!next.isEmpty()) {
      Descriptor blob = next.remove();
      String type = blob.mediaType();
      reached.add(blob.digest());
      if ((MediaType.isIndex(type) || MediaType.isManifest(type))
          && expanded.add(blob.digest())
          && isSmall(blob.digest())) {
        addChildren(blob.digest(), next);
      }
    }
  }

  private void addChildren(Digest manifest, Deque<Descriptor> next) throws IOException {
    try (InputStream in = blobs.open(manifest)) {
      Document<Manifest> document = Manifests.read(null, in.readAllBytes());
      if (document.digest().equals(manifest)) {
        next.addAll(document.value().children());
      }
    } catch (Fault.NotFound | Fault.Invalid e) {
      // Not there, damaged, or no manifest: it needs nothing that could be found through it.
    }
  }

  private boolean isSmall(Digest blob) throws IOException {
    OptionalLong size = blobs.size(blob);
    return size.isPresent() && size.getAsLong() <= Manifests.MAX_BYTES;
  }

  private boolean looksLikeJson(Digest blob) throws IOException {
    if (!isSmall(blob)) {
      return false;
    }
    try (InputStream in = blobs.open(blob)) {
      return in.read() == '{';
    }
  }
}
