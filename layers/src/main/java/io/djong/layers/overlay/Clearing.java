package io.djong.layers.overlay;

import io.djong.model.Exempt;
import io.djong.model.RawPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Removes what was taken away, several folders at a time: the kernel frees the pages and blocks of
/// a file on the thread that removes it, some 5 GB a second.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "removing a large file would hold the carrier of a virtual thread")
final class Clearing {
  private static final int MOST = 4;

  private Clearing() {}

  /// @param taken where it is now, by the place it was taken from
  /// @throws IOException if one of them cannot be removed; the others are
  static void of(Shelf shelf, Map<RawPath, RawPath> taken) throws IOException {
    int threads = Math.min(MOST, taken.size());
    if (threads <= 1) {
      for (Map.Entry<RawPath, RawPath> each : taken.entrySet()) {
        shelf.clear(each.getKey(), each.getValue());
      }
      return;
    }
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("removing layers ", 0).factory())) {
      taken.forEach(
          (place, leaving) ->
              all.add(
                  pool.submit(
                      () -> {
                        shelf.clear(place, leaving);
                        return null;
                      })));
    }
    for (Future<?> one : all) {
      check(one);
    }
  }

  private static void check(Future<?> over) throws IOException {
    if (over.state() == Future.State.FAILED) {
      switch (over.exceptionNow()) {
        case IOException failed -> throw failed;
        case Throwable bug -> throw new IllegalStateException("removing a layer", bug);
      }
    }
  }
}
