package io.djong.engine.container;

import io.djong.engine.Containers.Pruned;
import io.djong.engine.Filters;
import io.djong.engine.image.Moments;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Removes ended containers.
final class ContainerPrune {
  private final ContainerParts parts;
  private final ContainerRemoval removal;

  ContainerPrune(ContainerParts parts, ContainerRemoval removal) {
    this.parts = parts;
    this.removal = removal;
  }

  Pruned prune(Filters filters) throws IOException {
    filters.allowOnly(Set.of("label", "label!", "until"));
    Instant until =
        filters.has("until")
            ? Moments.parse(filters.of("until").getFirst(), parts.events().clock().instant())
            : Instant.MAX;
    List<String> deleted = new ArrayList<>();
    long reclaimed = 0;
    for (Container container : List.copyOf(parts.register().all())) {
      container.lock().lock();
      try {
        if (!container.isGone()
            && !container.isUp()
            && Instant.parse(container.record().created()).isBefore(until)
            && filters.fitLabels(container.record().config().labels())) {
          reclaimed += parts.snapshots().usage(parts.trees().active(container.id()));
          removal.forget(container, false);
          removal.free(container);
          deleted.add(container.id().hex());
        }
      } finally {
        container.lock().unlock();
      }
    }
    return new Pruned(List.copyOf(deleted), reclaimed);
  }
}
