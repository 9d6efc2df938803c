package io.djong.registry.server;

import io.djong.model.Digest;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps a running collection from taking what is just being used: whatever is used from the moment
/// a collection begins is not garbage to it. Safe for use by several threads; nobody waits longer
/// than one entry's writing or removal takes.
final class Liveness {
  private static final int STRIPES = 64;

  interface Action<T extends @Nullable Object> {
    T run() throws IOException;
  }

  /// Who changes something is a party of the phaser that was there when it began.
  private volatile Phaser changes = new Phaser(1);

  private final Lock[] stripes = new Lock[STRIPES];
  private volatile @Nullable Set<Digest> used;

  Liveness() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new ReentrantLock();
    }
  }

  /// Runs what makes references between things. A collection that begins meanwhile begins after it.
  <T extends @Nullable Object> T change(Action<T> action) throws IOException {
    Phaser mine = changes;
    while (mine.register() < 0) {
      mine = changes; // Its collection has begun without us: we belong to the next.
    }
    try {
      return action.run();
    } finally {
      mine.arriveAndDeregister();
    }
  }

  /// Runs what relies on these bytes being there, or finds out that they are not. Within [#change].
  <T extends @Nullable Object> T using(Digest digest, Action<T> action) throws IOException {
    Lock stripe = stripe(digest);
    stripe.lock();
    try {
      Set<Digest> noted = used;
      if (noted != null) {
        noted.add(digest);
      }
      return action.run();
    } finally {
      stripe.unlock();
    }
  }

  /// Begins a collection: waits for the changes that run now, and for no others. From then on every
  /// use is noted until [#endCollection]. For one thread at a time.
  void beginCollection() {
    used = ConcurrentHashMap.newKeySet();
    Phaser before = changes;
    changes = new Phaser(1);
    // New changes note what they use; those that may not have done so are waited for.
    before.awaitAdvance(before.arriveAndDeregister());
  }

  void endCollection() {
    used = null;
  }

  /// Runs the removal unless the bytes were used since the collection began.
  ///
  /// @return whether it ran
  boolean unlessUsed(Digest digest, Action<Boolean> removal) throws IOException {
    Lock stripe = stripe(digest);
    stripe.lock();
    try {
      Set<Digest> noted = used;
      return noted != null && !noted.contains(digest) && removal.run();
    } finally {
      stripe.unlock();
    }
  }

  private Lock stripe(Digest digest) {
    return stripes[Math.floorMod(digest.hashCode(), STRIPES)];
  }
}
