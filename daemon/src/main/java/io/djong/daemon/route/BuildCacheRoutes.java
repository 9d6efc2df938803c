package io.djong.daemon.route;

import io.djong.api.BuildCacheUsage;
import io.djong.build.Builder;
import io.djong.build.Builder.PruneWish;
import io.djong.build.Builder.Pruned;
import io.djong.model.Fault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is kept of builds, and how it is freed.
final class BuildCacheRoutes {
  private static final Set<String> FILTERS = Set.of("id", "type", "description");

  private final Builder builder;

  BuildCacheRoutes(Builder builder) {
    this.builder = builder;
  }

  void addTo(RouteTable table) {
    table.add("POST", "/build/prune", this::prune);
  }

  static List<BuildCacheUsage> usage(Builder builder) throws IOException {
    List<BuildCacheUsage> all = new ArrayList<>();
    for (Builder.CacheEntry entry : builder.cache()) {
      all.add(
          new BuildCacheUsage(
              entry.id(),
              null,
              entry.type(),
              entry.description(),
              entry.inUse(),
              entry.shared(),
              entry.size(),
              entry.created().toString(),
              entry.lastUsed().toString(),
              entry.uses()));
    }
    return all;
  }

  /// `reserved-space` (before 1.48 `keep-storage`) bytes stay; `until` and words filter.
  private void prune(Call call) throws IOException {
    Map<String, List<String>> filters = new HashMap<>();
    Instant unusedSince = null;
    for (Map.Entry<String, List<String>> filter : call.filters().values().entrySet()) {
      switch (filter.getKey()) {
        case "until", "unused-for" -> unusedSince = moment(filter.getValue().getFirst());
        case "inuse", "shared", "private" -> {}
        default -> {
          if (!FILTERS.contains(filter.getKey())) {
            throw new Fault.Invalid("invalid filter '" + filter.getKey() + "'");
          }
          filters.put(filter.getKey(), filter.getValue());
        }
      }
    }
    String keep = call.query("reserved-space");
    if (keep == null) {
      keep = call.query("keep-storage");
    }
    Pruned pruned = builder.prune(new PruneWish(bytes(keep), unusedSince, filters));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("CachesDeleted", pruned.removed());
    answer.put("SpaceReclaimed", pruned.spaceReclaimed());
    call.answer(answer);
  }

  /// A span such as `24h`, or a time.
  private static @Nullable Instant moment(String text) {
    try {
      return Instant.now().minus(Duration.parse("PT" + text.toUpperCase(Locale.ROOT)));
    } catch (DateTimeParseException _) { // Then it is a time.
      return Times.parse(text);
    }
  }

  private static long bytes(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid number of bytes to keep: \"" + text + "\"", e);
    }
  }
}
