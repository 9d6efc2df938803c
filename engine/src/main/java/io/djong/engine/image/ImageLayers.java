package io.djong.engine.image;

import io.djong.content.BlobStore;
import io.djong.content.Compression;
import io.djong.content.VerifiedInput;
import io.djong.engine.KeptLayers;
import io.djong.layers.ChainId;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.Progress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The layers of images as trees: unpacked when an image comes, removed when nothing stands on
/// them.
final class ImageLayers {
  private final BlobStore blobs;
  private final Snapshotter snapshots;
  private final KeptLayers kept;
  private final Map<ChainId, Long> sizes = new ConcurrentHashMap<>();

  ImageLayers(BlobStore blobs, Snapshotter snapshots, KeptLayers kept) {
    this.kept = kept;
    this.blobs = blobs;
    this.snapshots = snapshots;
  }

  /// Unpacks what is not unpacked yet, from the base upwards.
  void unpack(StoredImage image, Progress progress) throws IOException {
    ChainId parent = null;
    List<ChainId> chains = image.chains();
    for (int i = 0; i < chains.size(); i++) {
      ChainId chain = chains.get(i);
      if (!snapshots.contains(chain)) {
        Descriptor layer = image.manifest().layers().get(i);
        progress.say(layer.digest().abbreviated(), "Extracting");
        unpack(parent, layer, image.config().rootfs().diffIds().get(i));
        progress.say(layer.digest().abbreviated(), "Pull complete");
      }
      parent = chain;
    }
  }

  private void unpack(
      @org.jspecify.annotations.Nullable ChainId parent, Descriptor layer, Digest diffId)
      throws IOException {
    try (InputStream blob =
            new VerifiedInput(new BufferedInputStream(blobs.open(layer.digest()), 1 << 17), layer);
        InputStream tar = Compression.inflate(blob, Compression.Limits.LAYER)) {
      snapshots.add(parent, tar, diffId);
    }
  }

  private void addKept(Set<ChainId> needed) throws IOException {
    for (List<Digest> stack : kept.stacks()) {
      ChainId chain = null;
      for (Digest diffId : stack) {
        chain = chain == null ? new ChainId(diffId) : chain.plus(diffId);
        needed.add(chain);
      }
    }
  }

  /// The layers that are needed though no image may have them.
  Set<Digest> keptBlobs() throws IOException {
    Set<Digest> all = new HashSet<>();
    kept.stacks().forEach(all::addAll);
    return all;
  }

  boolean hasBlob(Digest blob) throws IOException {
    return blobs.size(blob).isPresent();
  }

  /// In bytes, as it is stored.
  long blobSize(Digest blob) throws IOException {
    return blobs.size(blob).orElseThrow(() -> new Fault.NotFound("blob " + blob + " is not there"));
  }

  InputStream open(Digest blob) throws IOException {
    return blobs.open(blob);
  }

  /// In bytes, all layers.
  long size(StoredImage image) throws IOException {
    long sum = 0;
    for (long layer : layerSizes(image)) {
      sum += layer;
    }
    return sum;
  }

  /// In bytes, from the base upwards.
  long[] layerSizes(StoredImage image) throws IOException {
    List<ChainId> chains = image.chains();
    long[] all = new long[chains.size()];
    for (int i = 0; i < all.length; i++) {
      ChainId chain = chains.get(i);
      Long known = sizes.get(chain);
      if (known == null) {
        known =
            snapshots.contains(chain)
                ? snapshots.usage(new Snapshot.Committed(chain, i == 0 ? null : chains.get(i - 1)))
                : 0L;
        sizes.put(chain, known);
      }
      all[i] = known;
    }
    return all;
  }

  /// Removes the trees of an image that no other image has, as far as no container stands on them.
  void remove(StoredImage gone, Iterable<StoredImage> remaining) throws IOException {
    Set<ChainId> needed = new HashSet<>();
    remaining.forEach(image -> needed.addAll(image.chains()));
    addKept(needed);
    List<ChainId> chains = gone.chains();
    for (int i = chains.size() - 1; i >= 0 && !needed.contains(chains.get(i)); i--) {
      try {
        snapshots.remove(new Snapshot.Committed(chains.get(i), i == 0 ? null : chains.get(i - 1)));
        sizes.remove(chains.get(i));
      } catch (Fault.Conflict e) {
        return; // A container stands on it: it goes when the engine next looks for what nobody
        // needs.
      }
    }
  }

  private boolean removeIfFree(Snapshot.Committed stack) throws IOException {
    try {
      snapshots.remove(stack);
      return true;
    } catch (Fault.Conflict e) {
      return false; // Something stands on it still.
    }
  }

  /// Removes all stacks that no image needs and nothing stands on.
  void sweep(Iterable<StoredImage> images) throws IOException {
    Set<ChainId> needed = new HashSet<>();
    images.forEach(image -> needed.addAll(image.chains()));
    addKept(needed);
    boolean removed = true;
    while (removed) {
      removed = false;
      List<Snapshot> all;
      try (var list = snapshots.list()) {
        all = list.toList();
      }
      for (Snapshot snapshot : all) {
        if (snapshot instanceof Snapshot.Committed committed
            && !needed.contains(committed.chain())) {
          removed |= removeIfFree(committed);
        }
      }
    }
  }
}
