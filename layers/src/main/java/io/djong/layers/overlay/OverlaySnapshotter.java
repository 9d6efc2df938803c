package io.djong.layers.overlay;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.content.tar.TarWriter;
import io.djong.layers.ChainId;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.layers.tar.TreeReader;
import io.djong.linux.Mount;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The portable way to keep layers: each is a directory with its files, and overlayfs lays them
/// over each other. Needs no more of the file system below than attributes of root's and devices.
///
/// One object owns its folder; two processes must not share it. Snapshots of a stack are mounted by
/// whoever uses them; only their mounts are told here.
public final class OverlaySnapshotter implements Snapshotter, AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Shelf shelf;

  /// Guards the three maps. Never held while a layer is read or removed.
  private final Object lock = new Object();

  private final Map<ChainId, Shelf.About> layers;
  private final Map<String, Shelf.About> active;
  private final Map<String, Shelf.About> views;

  /// Layers that somebody is adding right now.
  private final Map<ChainId, CompletableFuture<Boolean>> arriving = new TreeMap<>(ORDER);

  /// The stacks that something is being put on right now, once for each.
  private final List<ChainId> parents = new ArrayList<>();

  /// The keys of snapshots that are being made right now.
  private final Set<String> keys = new HashSet<>();

  private static final java.util.Comparator<ChainId> ORDER =
      java.util.Comparator.comparing(ChainId::digest);

  /// Opens the folder, making it if it is missing, and removes what a crash left unfinished.
  public OverlaySnapshotter(Path folder) throws IOException {
    this.shelf = new Shelf(folder);
    this.layers = new TreeMap<>(ORDER);
    shelf.list(Shelf.LAYERS).forEach((name, about) -> layers.put(Shelf.chain(name), about));
    this.active = new TreeMap<>(shelf.list(Shelf.ACTIVE));
    this.views = new TreeMap<>(shelf.list(Shelf.VIEWS));
  }

  @Override
  public String name() {
    return "overlay2";
  }

  @Override
  public Snapshot.Committed add(@Nullable ChainId parent, InputStream layerTar, Digest diffId)
      throws IOException {
    ChainId chain = parent == null ? ChainId.of(List.of(diffId)) : parent.plus(diffId);
    while (true) {
      CompletableFuture<Boolean> other;
      CompletableFuture<Boolean> mine = new CompletableFuture<>();
      synchronized (lock) {
        if (layers.containsKey(chain)) {
          return new Snapshot.Committed(chain, parent);
        }
        other = arriving.get(chain);
        if (other == null) {
          hold(parent);
          arriving.put(chain, mine);
        }
      }
      if (other != null) {
        // Whether it came or failed: look again.
        other.join();
        continue;
      }
      try {
        Shelf.About about = new Shelf.About(parent, unpack(chain, parent, layerTar, diffId));
        synchronized (lock) {
          layers.put(chain, about);
        }
        return new Snapshot.Committed(chain, parent);
      } finally {
        synchronized (lock) {
          arriving.remove(chain);
          release(parent);
        }
        mine.complete(true);
      }
    }
  }

  /// @return what it takes on the disk
  private long unpack(ChainId chain, @Nullable ChainId parent, InputStream layerTar, Digest diffId)
      throws IOException {
    MessageDigest hash = Digest.newHash(diffId.algorithm());
    RawPath begun = shelf.begin();
    boolean kept = false;
    try {
      RawPath tree = begun.resolve(Shelf.TREE);
      shelf.root().mkdir(tree, 0755);
      shelf.root().chmod(tree, 0755);
      try (Root layer = shelf.root().openRoot(tree);
          LayerStack below = new LayerStack(trees(parent));
          FileSyncer syncer = new FileSyncer()) {
        TarReader archive = new TarReader(new DigestInputStream(layerTar, hash));
        new LayerApplier(layer, below, syncer::take).apply(archive);
        archive.drain();
        Digest actual = Digest.ofHash(diffId.algorithm(), hash.digest());
        if (!actual.equals(diffId)) {
          throw new Fault.Invalid(
              "layer " + diffId + " is damaged: its content has the digest " + actual);
        }
        syncer.finish(layer);
      }
      long size = TreeSize.of(shelf.root(), tree);
      shelf.finish(begun, Shelf.layer(chain), new Shelf.About(parent, size));
      kept = true;
      return size;
    } finally {
      if (!kept) {
        shelf.root().removeTree(begun);
      }
    }
  }

  @Override
  public boolean contains(ChainId chain) {
    synchronized (lock) {
      return layers.containsKey(chain);
    }
  }

  @Override
  public Snapshot.Active prepare(String key, @Nullable ChainId parent) throws IOException {
    RawPath place = Shelf.place(Shelf.ACTIVE, key);
    make(
        key,
        parent,
        active,
        place,
        begun -> {
          RawPath upper = begun.resolve(Shelf.UPPER);
          shelf.root().mkdir(upper, 0755);
          copyRootAttributes(parent, upper);
          shelf.root().mkdir(begun.resolve(Shelf.WORK), 0700);
        });
    return new Snapshot.Active(key, parent, activeMounts(key, parent));
  }

  /// The root folder of an overlay is its uppermost layer's, so it must look like the image's.
  private void copyRootAttributes(@Nullable ChainId parent, RawPath upper) throws IOException {
    Root root = shelf.root();
    if (parent == null) {
      root.chmod(upper, 0755);
      return;
    }
    TarEntry image = TreeReader.folder(root, Shelf.layer(parent).resolve(Shelf.TREE));
    root.chown(upper, image.uid(), image.gid());
    root.chmod(upper, image.permissions());
    root.setTimes(upper, image.modified(), image.modified());
  }

  @Override
  public Snapshot.View view(String key, ChainId parent) throws IOException {
    RawPath place = Shelf.place(Shelf.VIEWS, key);
    make(key, parent, views, place, begun -> {});
    return new Snapshot.View(key, parent, viewMounts(parent));
  }

  @Override
  public Snapshot.@Nullable Active active(String key) {
    Shelf.About about;
    synchronized (lock) {
      about = active.get(key);
    }
    return about == null
        ? null
        : new Snapshot.Active(key, about.parent(), activeMounts(key, about.parent()));
  }

  private List<Mount> activeMounts(String key, @Nullable ChainId parent) {
    RawPath place = Shelf.place(Shelf.ACTIVE, key);
    return OverlayMounts.writable(
        trees(parent),
        shelf.path(place.resolve(Shelf.UPPER)),
        shelf.path(place.resolve(Shelf.WORK)));
  }

  private List<Mount> viewMounts(ChainId parent) {
    return OverlayMounts.readOnly(trees(parent));
  }

  @Override
  public Digest diff(Snapshot.Active changed, OutputStream layerTar) throws IOException {
    DigestOutputStream hashed = new DigestOutputStream(layerTar, Digest.newHash(Digest.SHA256));
    OutputStream out = new BufferedOutputStream(hashed, BUFFER);
    try (Root upper = upper(changed);
        LayerStack below = new LayerStack(trees(changed.parent()))) {
      TarWriter archive = new TarWriter(out);
      new UpperFolder(upper, below).writeTo(archive);
      archive.close();
    }
    return Digest.ofHash(Digest.SHA256, hashed.getMessageDigest().digest());
  }

  @Override
  public List<Change> changes(Snapshot.Active changed) throws IOException {
    try (Root upper = upper(changed);
        LayerStack below = new LayerStack(trees(changed.parent()))) {
      return new UpperFolder(upper, below).changes();
    }
  }

  private Root upper(Snapshot.Active changed) throws IOException {
    synchronized (lock) {
      if (!active.containsKey(changed.key())) {
        throw new Fault.NotFound("no such snapshot: " + changed.key());
      }
    }
    return shelf.root().openRoot(Shelf.place(Shelf.ACTIVE, changed.key()).resolve(Shelf.UPPER));
  }

  @Override
  public long usage(Snapshot snapshot) throws IOException {
    return switch (snapshot) {
      case Snapshot.Committed committed -> {
        synchronized (lock) {
          yield requireLayer(committed.chain()).size();
        }
      }
      case Snapshot.Active changed -> {
        try (Root upper = upper(changed)) {
          yield TreeSize.of(upper, RawPath.ROOT);
        }
      }
      case Snapshot.View view -> 0;
    };
  }

  @Override
  public void remove(Snapshot snapshot) throws IOException {
    RawPath place =
        switch (snapshot) {
          case Snapshot.Committed committed -> Shelf.layer(committed.chain());
          case Snapshot.Active changed -> Shelf.place(Shelf.ACTIVE, changed.key());
          case Snapshot.View view -> Shelf.place(Shelf.VIEWS, view.key());
        };
    @Nullable RawPath leaving;
    synchronized (lock) {
      if (snapshot instanceof Snapshot.Committed(ChainId chain, ChainId _)) {
        requireUnused(chain);
      }
      leaving = shelf.takeAway(place);
      switch (snapshot) {
        case Snapshot.Committed committed -> layers.remove(committed.chain());
        case Snapshot.Active changed -> active.remove(changed.key());
        case Snapshot.View view -> views.remove(view.key());
      }
    }
    if (leaving != null) {
      shelf.root().removeTree(leaving);
    }
  }

  private void requireUnused(ChainId chain) {
    Stream.of(layers, active, views)
        .flatMap(map -> map.entrySet().stream())
        .filter(entry -> chain.equals(entry.getValue().parent()))
        .findFirst()
        .ifPresent(
            entry -> {
              throw new Fault.Conflict(
                  "layer " + chain + " is in use by snapshot " + entry.getKey());
            });
    if (parents.contains(chain)) {
      throw new Fault.Conflict("layer " + chain + " is in use by a snapshot that is being made");
    }
  }

  @Override
  public Stream<Snapshot> list() {
    List<Snapshot> all = new ArrayList<>();
    synchronized (lock) {
      layers.forEach((chain, about) -> all.add(new Snapshot.Committed(chain, about.parent())));
      active.forEach(
          (key, about) ->
              all.add(new Snapshot.Active(key, about.parent(), activeMounts(key, about.parent()))));
      views.forEach(
          (key, about) -> {
            ChainId parent = about.parent();
            if (parent != null) {
              all.add(new Snapshot.View(key, parent, viewMounts(parent)));
            }
          });
    }
    return all.stream();
  }

  /// The folders of a stack, from the top.
  private List<Path> trees(@Nullable ChainId chain) {
    List<Path> trees = new ArrayList<>();
    synchronized (lock) {
      ChainId next = chain;
      while (next != null) {
        trees.add(shelf.path(Shelf.layer(next).resolve(Shelf.TREE)));
        next = requireLayer(next).parent();
      }
    }
    return trees;
  }

  @FunctionalInterface
  private interface Filling {
    void fill(RawPath begun) throws IOException;
  }

  private void make(
      String key,
      @Nullable ChainId parent,
      Map<String, Shelf.About> kind,
      RawPath place,
      Filling filling)
      throws IOException {
    synchronized (lock) {
      if (active.containsKey(key) || views.containsKey(key) || keys.contains(key)) {
        throw new Fault.Conflict("snapshot \"" + key + "\" exists already");
      }
      hold(parent);
      keys.add(key);
    }
    Shelf.About about = new Shelf.About(parent, 0);
    boolean made = false;
    try {
      RawPath begun = shelf.begin();
      filling.fill(begun);
      shelf.finish(begun, place, about);
      made = true;
    } finally {
      synchronized (lock) {
        keys.remove(key);
        release(parent);
        if (made) {
          kind.put(key, about);
        }
      }
    }
  }

  /// Keeps a stack from being removed while something is put on it. Under the lock.
  private void hold(@Nullable ChainId parent) {
    if (parent != null) {
      requireLayer(parent);
      parents.add(parent);
    }
  }

  private void release(@Nullable ChainId parent) {
    if (parent != null) {
      parents.remove(parent);
    }
  }

  private Shelf.About requireLayer(ChainId chain) {
    Shelf.About about = layers.get(chain);
    if (about == null) {
      throw new Fault.NotFound("no such layer: " + chain);
    }
    return about;
  }

  /// Lets go of the folder. Snapshots stay.
  @Override
  public void close() {
    shelf.close();
  }
}
