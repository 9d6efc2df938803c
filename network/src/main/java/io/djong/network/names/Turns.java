package io.djong.network.names;

import java.util.concurrent.atomic.AtomicIntegerArray;

/// Who is first among several addresses: everybody in turn, since most clients take the first. Each
/// kind of question about a name has a turn of its own, or who always asks two of them would never
/// see half of the addresses. Safe for use by several threads.
final class Turns {
  private static final int MANY = 1024;

  private final AtomicIntegerArray next = new AtomicIntegerArray(MANY);

  /// The next turn, from 0 to below `count`.
  int next(String name, int type, int count) {
    int place = Math.floorMod(31 * name.hashCode() + type, MANY);
    return Math.floorMod(next.getAndIncrement(place), count);
  }
}
