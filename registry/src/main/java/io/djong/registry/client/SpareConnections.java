package io.djong.registry.client;

/// How many connections more than one a layer a server bears, over all layers that come from it. A
/// server that wants to be asked less gets fewer from then on. Safe for use by several threads.
final class SpareConnections {
  private static final int MOST = 6;

  private int most = MOST;
  private int taken;

  /// @return false if there is none; otherwise it is given back with [#give] or [#fewer]
  synchronized boolean take() {
    if (taken >= most) {
      return false;
    }
    taken++;
    return true;
  }

  synchronized void give() {
    taken--;
  }

  /// The server wants fewer than there are.
  ///
  /// @param spare whether one that was taken ends for it, which is given back with this
  synchronized void fewer(boolean spare) {
    taken -= spare ? 1 : 0;
    most = Math.min(most, taken);
  }
}
