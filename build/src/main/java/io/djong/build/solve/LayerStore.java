package io.djong.build.solve;

import io.djong.content.BlobStore;
import io.djong.content.BlobWriter;
import io.djong.content.Lease;
import io.djong.content.LocalImages;
import io.djong.layers.ChainId;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Puts layers on stacks. What is being put is held from before its first byte, so that nobody
/// sweeps it away before it is remembered. Safe for use by several threads.
public final class LayerStore {
  private final BlobStore blobs;
  private final LocalImages local;
  private final Snapshotter snapshots;
  private final ConcurrentHashMap<Object, List<Digest>> arriving = new ConcurrentHashMap<>();

  public LayerStore(BlobStore blobs, LocalImages local, Snapshotter snapshots) {
    this.blobs = blobs;
    this.local = local;
    this.snapshots = snapshots;
  }

  /// Writes a layer.
  @FunctionalInterface
  public interface Writing {
    void to(OutputStream tar) throws IOException;
  }

  /// Does something with a stack that is held meanwhile.
  @FunctionalInterface
  public interface Keeping {
    void keep(List<Digest> diffIds) throws IOException;
  }

  /// Holds stacks from the moment they are put until it is closed. For one thread.
  public final class Hold implements Keeping, AutoCloseable {
    private final List<Object> tokens = new ArrayList<>();

    private Hold() {}

    @Override
    public void keep(List<Digest> diffIds) {
      Object token = new Object();
      arriving.put(token, List.copyOf(diffIds));
      tokens.add(token);
    }

    @Override
    public void close() {
      tokens.forEach(arriving::remove);
    }
  }

  public Hold hold() {
    return new Hold();
  }

  /// Stacks that nobody remembers yet.
  public Collection<List<Digest>> arriving() {
    return List.copyOf(arriving.values());
  }

  public Snapshotter snapshots() {
    return snapshots;
  }

  static @Nullable ChainId chain(List<Digest> diffIds) {
    return diffIds.isEmpty() ? null : ChainId.of(diffIds);
  }

  /// Whether all of a stack is here.
  boolean has(List<Digest> diffIds) throws IOException {
    ChainId chain = chain(diffIds);
    return chain == null || snapshots.contains(chain);
  }

  /// Bytes of the top layer.
  long size(List<Digest> diffIds) throws IOException {
    ChainId chain = chain(diffIds);
    return chain == null
        ? 0
        : snapshots.usage(
            new Snapshot.Committed(chain, chain(diffIds.subList(0, diffIds.size() - 1))));
  }

  /// Puts a layer on a stack, durably, and has the new stack remembered.
  List<Digest> add(List<Digest> below, Writing writing, Keeping keeping) throws IOException {
    if (snapshots.keepsTars()) {
      try (Pipes.Source tar = Pipes.of(writing);
          Snapshotter.Staged staged = snapshots.stage(tar.stream())) {
        return put(below, staged, keeping);
      }
    }
    try (Lease lease = local.lease()) {
      // Whoever saves or pushes the layer later needs its bytes, and the driver keeps none.
      Digest layer = write(lease, writing);
      try (InputStream tar = blobs.open(layer);
          Snapshotter.Staged staged = snapshots.stage(tar, layer)) {
        return put(below, staged, keeping);
      }
    }
  }

  /// Puts a layer that is here on another stack.
  List<Digest> restack(List<Digest> below, Digest layer, Keeping keeping) throws IOException {
    Snapshotter.Staged known = snapshots.stageKnown(layer);
    if (known != null) {
      try (known) {
        return put(below, known, keeping);
      }
    }
    try (InputStream tar = blobs.open(layer);
        Snapshotter.Staged staged = snapshots.stage(tar, layer)) {
      return put(below, staged, keeping);
    }
  }

  private List<Digest> put(List<Digest> below, Snapshotter.Staged staged, Keeping keeping)
      throws IOException {
    Object token = new Object();
    List<Digest> stack = new ArrayList<>(below);
    stack.add(staged.diffId());
    arriving.put(token, List.copyOf(stack));
    try {
      staged.add(chain(below));
      keeping.keep(stack);
      return stack;
    } finally {
      arriving.remove(token);
    }
  }

  private static Digest write(Lease lease, Writing writing) throws IOException {
    try (BlobWriter writer = lease.newWriter()) {
      boolean done = false;
      try {
        writing.to(writer);
        Digest digest = writer.commit(null);
        done = true;
        return digest;
      } finally {
        if (!done) {
          writer.discard();
        }
      }
    }
  }
}
