package io.djong.layers.overlay;

import io.djong.layers.ChainId;
import io.djong.layers.overlay.Shelf.About;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which layers and trees there are, what stands on what, and what is being made right now. Safe
/// for use by several threads; nobody waits here while a layer is read or removed, but those who
/// want the same layer.
final class KnownSnapshots {
  private static final Comparator<ChainId> ORDER = Comparator.comparing(ChainId::digest);

  /// Guards all below.
  private final Object lock = new Object();

  private final Map<ChainId, About> layers = new TreeMap<>(ORDER);
  private final Map<String, About> active = new TreeMap<>();
  private final Map<String, About> views = new TreeMap<>();

  /// Layers that somebody is adding right now.
  private final Map<ChainId, CompletableFuture<Boolean>> arriving = new TreeMap<>(ORDER);

  /// The stacks that something is being put on right now, once for each.
  private final List<ChainId> parents = new ArrayList<>();

  /// The keys of snapshots that are being made right now.
  private final Set<String> keys = new HashSet<>();

  /// Makes something on the disk.
  @FunctionalInterface
  interface Making {
    About make() throws IOException;
  }

  /// Takes something off the disk.
  @FunctionalInterface
  interface Taking {
    @Nullable RawPath take() throws IOException;
  }

  KnownSnapshots(Map<ChainId, About> layers, Map<String, About> active, Map<String, About> views) {
    this.layers.putAll(layers);
    this.active.putAll(active);
    this.views.putAll(views);
  }

  /// Has a layer made if it is not there yet; several who want the same have it made once.
  void addLayer(ChainId chain, @Nullable ChainId parent, Making making) throws IOException {
    while (true) {
      CompletableFuture<Boolean> other;
      CompletableFuture<Boolean> mine = new CompletableFuture<>();
      synchronized (lock) {
        if (layers.containsKey(chain)) {
          return;
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
        About about = making.make();
        synchronized (lock) {
          layers.put(chain, about);
        }
        return;
      } finally {
        synchronized (lock) {
          arriving.remove(chain);
          release(parent);
        }
        mine.complete(true);
      }
    }
  }

  void addActive(String key, @Nullable ChainId parent, Making making) throws IOException {
    addTree(active, key, parent, making);
  }

  void addView(String key, ChainId parent, Making making) throws IOException {
    addTree(views, key, parent, making);
  }

  private void addTree(Map<String, About> kind, String key, @Nullable ChainId parent, Making making)
      throws IOException {
    synchronized (lock) {
      if (active.containsKey(key) || views.containsKey(key) || keys.contains(key)) {
        throw new Fault.Conflict("snapshot \"" + key + "\" exists already");
      }
      hold(parent);
      keys.add(key);
    }
    About about = null;
    try {
      about = making.make();
    } finally {
      synchronized (lock) {
        keys.remove(key);
        release(parent);
        if (about != null) {
          kind.put(key, about);
        }
      }
    }
  }

  /// Puts another record in the place of a layer's.
  void replaceLayer(ChainId chain, About about) {
    synchronized (lock) {
      layers.replace(chain, about);
    }
  }

  /// @throws Fault.Conflict if something stands on it
  @Nullable RawPath removeLayer(ChainId chain, Taking taking) throws IOException {
    synchronized (lock) {
      requireUnused(chain);
      RawPath taken = taking.take();
      layers.remove(chain);
      return taken;
    }
  }

  void forgetActive(String key) {
    synchronized (lock) {
      active.remove(key);
    }
  }

  @Nullable RawPath removeView(String key, Taking taking) throws IOException {
    synchronized (lock) {
      RawPath taken = taking.take();
      views.remove(key);
      return taken;
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

  boolean hasLayer(ChainId chain) {
    synchronized (lock) {
      return layers.containsKey(chain);
    }
  }

  /// @throws Fault.NotFound if there is none
  About layer(ChainId chain) {
    synchronized (lock) {
      return requireLayer(chain);
    }
  }

  /// A stack that has this layer on top; null if there is none.
  @Nullable ChainId withOnTop(Digest diffId) {
    synchronized (lock) {
      for (Map.Entry<ChainId, About> layer : layers.entrySet()) {
        if (diffId.equals(layer.getValue().diffId())) {
          return layer.getKey();
        }
      }
      return null;
    }
  }

  @Nullable About active(String key) {
    synchronized (lock) {
      return active.get(key);
    }
  }

  /// This layer and those below it, from the top.
  ///
  /// @throws Fault.NotFound if one is missing
  List<ChainId> stack(@Nullable ChainId top) {
    List<ChainId> stack = new ArrayList<>();
    synchronized (lock) {
      ChainId next = top;
      while (next != null) {
        stack.add(next);
        next = requireLayer(next).parent();
      }
    }
    return stack;
  }

  Map<ChainId, About> layers() {
    synchronized (lock) {
      Map<ChainId, About> copy = new TreeMap<>(ORDER);
      copy.putAll(layers);
      return copy;
    }
  }

  Map<String, About> actives() {
    synchronized (lock) {
      return new TreeMap<>(active);
    }
  }

  Map<String, About> views() {
    synchronized (lock) {
      return new TreeMap<>(views);
    }
  }

  /// The records of all trees.
  List<About> trees() {
    List<About> trees = new ArrayList<>(actives().values());
    trees.addAll(views().values());
    return trees;
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

  private About requireLayer(ChainId chain) {
    About about = layers.get(chain);
    if (about == null) {
      throw new Fault.NotFound("no such layer: " + chain);
    }
    return about;
  }
}
