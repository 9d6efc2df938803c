package io.djong.registry.server;

import java.util.LinkedHashMap;
import java.util.Map;

/// So many requests a second for each caller, with a burst of ten times as many. Safe for use by
/// several threads.
final class RateLimit {
  private static final int CALLERS = 10_000;
  private static final int BURST = 10;

  private final double perSecond;
  private final Map<String, double[]> buckets = new LinkedHashMap<>(64, 0.75f, true);

  /// @param perSecond 0 for no limit
  RateLimit(double perSecond) {
    this.perSecond = perSecond;
  }

  synchronized boolean admits(String caller, long nanoTime) {
    if (perSecond <= 0) {
      return true;
    }
    double now = nanoTime / 1e9;
    double[] bucket = buckets.computeIfAbsent(caller, key -> new double[] {perSecond * BURST, now});
    bucket[0] = Math.min(perSecond * BURST, bucket[0] + (now - bucket[1]) * perSecond);
    bucket[1] = now;
    if (buckets.size() > CALLERS) {
      var oldest = buckets.entrySet().iterator();
      oldest.next();
      oldest.remove();
    }
    if (bucket[0] < 1) {
      return false;
    }
    bucket[0]--;
    return true;
  }
}
