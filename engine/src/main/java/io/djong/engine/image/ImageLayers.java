package io.djong.engine.image;

import io.djong.content.BlobStore;
import io.djong.content.Compression;
import io.djong.content.ReadAhead;
import io.djong.content.VerifiedInput;
import io.djong.engine.KeptLayers;
import io.djong.layers.ChainId;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The layers of images as trees and as tars: where they are put on each other, read again, and
/// removed when nothing needs them. Safe for use by several threads.
final class ImageLayers {
  private final BlobStore blobs;
  private final Snapshotter snapshots;
  private final KeptLayers kept;
  private final Map<ChainId, Long> sizes = new ConcurrentHashMap<>();

  /// What had to be unpacked to be counted.
  private final Map<Digest, Long> tarSizes = new ConcurrentHashMap<>();

  /// How many read each stack right now, so that it stays also without an image.
  private final Map<ChainId, Integer> read = new ConcurrentHashMap<>();

  ImageLayers(BlobStore blobs, Snapshotter snapshots, KeptLayers kept) {
    this.kept = kept;
    this.blobs = blobs;
    this.snapshots = snapshots;
  }

  /// What keeps the layers, as Docker shows it.
  String driver() {
    return snapshots.name();
  }

  /// Where arriving layers are staged; null if they must go by their blobs.
  @Nullable StagedLayers staging(Function<Digest, @Nullable Digest> layerOf) {
    return snapshots.keepsTars() ? new StagedLayers(snapshots, layerOf) : null;
  }

  boolean contains(ChainId chain) throws IOException {
    return snapshots.contains(chain);
  }

  /// Puts a layer on a stack, from its blob.
  ///
  /// @throws Fault.NotFound if the blob is not here
  void unpack(@Nullable ChainId parent, Layer layer) throws IOException {
    try (InputStream tar = new ReadAhead(fromBlob(layer))) {
      snapshots.add(parent, tar, layer.diffId());
    }
  }

  private InputStream fromBlob(Layer layer) throws IOException {
    Descriptor blob = layer.descriptor();
    return Compression.inflate(
        new VerifiedInput(blobs.open(blob.digest()), blob), Compression.Limits.LAYER);
  }

  /// The uncompressed bytes of a layer; not verified.
  ///
  /// @throws Fault.NotFound if they are not here
  InputStream openTar(Layer layer) throws IOException {
    if (!snapshots.keepsTars()) {
      return fromBlob(layer);
    }
    InputStream tar = snapshots.openTar(layer.diffId());
    if (tar == null) {
      throw new Fault.NotFound("layer " + layer.diffId() + " is not here any more");
    }
    return tar;
  }

  /// How many bytes [#openTar] gives.
  long tarSize(Layer layer) throws IOException {
    OptionalLong kept = snapshots.tarSize(layer.diffId());
    if (kept.isPresent()) {
      return kept.getAsLong();
    }
    if (layer.descriptor().digest().equals(layer.diffId())) {
      return layer.descriptor().size();
    }
    Long counted = tarSizes.get(layer.diffId());
    if (counted == null) {
      try (InputStream tar = openTar(layer)) {
        counted = tar.transferTo(OutputStream.nullOutputStream());
      }
      tarSizes.put(layer.diffId(), counted);
    }
    return counted;
  }

  /// Whether the bytes of a blob can be had as they are.
  boolean hasBlob(Digest blob) throws IOException {
    return blobs.size(blob).isPresent();
  }

  /// A layer that is here as a tar, for a manifest that is made here; null if it is not.
  @Nullable Layer plain(Digest diffId) throws IOException {
    OptionalLong size = snapshots.tarSize(diffId);
    if (size.isEmpty()) {
      size = blobs.size(diffId);
    }
    return size.isEmpty() ? null : Layer.plain(diffId, size.getAsLong());
  }

  /// Whether a blob may go: its layer can be made of what the snapshotter keeps.
  boolean isSpare(Layer layer) throws IOException {
    return snapshots.tarSize(layer.diffId()).isPresent();
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
      all[i] = size(new Snapshot.Committed(chains.get(i), i == 0 ? null : chains.get(i - 1)));
    }
    return all;
  }

  private long size(Snapshot.Committed stack) throws IOException {
    Long known = sizes.get(stack.chain());
    if (known != null) {
      return known;
    }
    if (!snapshots.contains(stack.chain())) {
      return 0;
    }
    long size = snapshots.usage(stack);
    sizes.put(stack.chain(), size);
    return size;
  }

  /// In bytes, the layers that each image has together with others.
  Map<Digest, Long> sharedSizes(Collection<StoredImage> images) throws IOException {
    Map<ChainId, Integer> users = new HashMap<>();
    images.forEach(image -> image.chains().forEach(chain -> users.merge(chain, 1, Integer::sum)));
    Map<Digest, Long> shared = new HashMap<>();
    for (StoredImage image : images) {
      long[] sizes = layerSizes(image);
      List<ChainId> chains = image.chains();
      long sum = 0;
      for (int i = 0; i < sizes.length; i++) {
        sum += users.getOrDefault(chains.get(i), 0) > 1 ? sizes[i] : 0;
      }
      shared.put(image.id(), sum);
    }
    return shared;
  }

  /// In bytes, all layers that are here, each once: also those that only containers need.
  long total() throws IOException {
    long sum = 0;
    for (Snapshot.Committed stack : committed()) {
      sum += size(stack);
    }
    return sum;
  }

  private List<Snapshot.Committed> committed() throws IOException {
    try (var all = snapshots.list()) {
      return all.filter(Snapshot.Committed.class::isInstance)
          .map(Snapshot.Committed.class::cast)
          .toList();
    }
  }

  /// Keeps the layers of an image, whatever becomes of it, until it is closed.
  interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  Hold hold(StoredImage image) {
    List<ChainId> chains = image.chains();
    chains.forEach(chain -> read.merge(chain, 1, Integer::sum));
    return () ->
        chains.forEach(chain -> read.computeIfPresent(chain, (_, n) -> n == 1 ? null : n - 1));
  }

  /// Removes a stack and those below it, as far as no image needs them and nothing stands on them.
  ///
  /// @return how many bytes of files that freed
  long free(@Nullable ChainId top, Iterable<StoredImage> images) throws IOException {
    Set<ChainId> needed = needed(images);
    Map<ChainId, Snapshot.Committed> all = new HashMap<>();
    committed().forEach(stack -> all.put(stack.chain(), stack));
    List<Snapshot.Committed> unneeded = new ArrayList<>();
    ChainId next = top;
    while (next != null && !needed.contains(next)) {
      Snapshot.Committed stack = all.get(next);
      if (stack == null) {
        break;
      }
      size(stack); // Nobody can say it any more afterwards.
      unneeded.add(stack);
      next = stack.parent();
    }
    long freed = 0;
    for (Snapshot.Committed gone : snapshots.removeUnused(unneeded)) {
      Long size = sizes.remove(gone.chain());
      freed += size == null ? 0 : size;
    }
    return freed;
  }

  /// Removes all stacks that no image needs and nothing stands on. To be called when nobody brings
  /// or makes layers.
  void sweep(Iterable<StoredImage> images) throws IOException {
    Set<ChainId> needed = needed(images);
    boolean removed = true;
    while (removed) {
      removed = false;
      for (Snapshot.Committed stack : committed()) {
        removed |= !needed.contains(stack.chain()) && removeIfFree(stack);
      }
    }
  }

  Set<ChainId> needed(Iterable<StoredImage> images) throws IOException {
    Set<ChainId> needed = new HashSet<>(read.keySet());
    images.forEach(image -> needed.addAll(image.chains()));
    kept.stacks().forEach(stack -> addAll(stack, needed));
    return needed;
  }

  /// What may be the blob of a layer that somebody besides images keeps.
  Set<Digest> keptBlobs() throws IOException {
    Set<Digest> all = new HashSet<>();
    kept.stacks().forEach(all::addAll);
    return all;
  }

  private static void addAll(List<Digest> stack, Set<ChainId> needed) {
    ChainId chain = null;
    for (Digest diffId : stack) {
      chain = chain == null ? ChainId.of(List.of(diffId)) : chain.plus(diffId);
      needed.add(chain);
    }
  }

  private boolean removeIfFree(Snapshot.Committed stack) throws IOException {
    try {
      snapshots.remove(stack);
      sizes.remove(stack.chain());
      return true;
    } catch (Fault.Conflict e) {
      return false; // Something stands on it still.
    }
  }
}
