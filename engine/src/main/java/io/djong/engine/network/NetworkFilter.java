package io.djong.engine.network;

import io.djong.engine.Filters;
import io.djong.model.Fault;
import java.util.List;
import java.util.Set;

/// Which networks a list is narrowed to, as Docker reads the filters of `/networks`.
final class NetworkFilter {
  private static final Set<String> KEYS =
      Set.of("dangling", "driver", "id", "label", "label!", "name", "scope", "type");

  private final Filters filters;

  NetworkFilter(Filters filters) {
    filters.allowOnly(KEYS);
    this.filters = filters;
  }

  boolean fits(KnownNetwork known) {
    return fitsAny("name", known.name()::contains)
        && fitsAny("id", known.record().id()::startsWith)
        && fitsAny("driver", known.record().driver()::equals)
        && fitsAny("scope", "local"::equals)
        && fitsAny("type", type -> isType(type, known))
        && fitsAny("dangling", wanted -> truth(wanted) == isDangling(known))
        && filters.fitLabels(known.record().labels());
  }

  private boolean fitsAny(String key, java.util.function.Predicate<String> test) {
    return !filters.has(key) || filters.of(key).stream().anyMatch(test);
  }

  private static boolean isType(String type, KnownNetwork known) {
    return switch (type) {
      case "builtin" -> known.isStanding();
      case "custom" -> !known.isStanding();
      default -> throw new Fault.Invalid("invalid filter: 'type'='" + type + "'");
    };
  }

  private static boolean isDangling(KnownNetwork known) {
    return !known.isStanding() && known.endpoints().isEmpty();
  }

  private static boolean truth(String text) {
    if (List.of("1", "true", "True", "TRUE", "t").contains(text)) {
      return true;
    }
    if (List.of("0", "false", "False", "FALSE", "f").contains(text)) {
      return false;
    }
    throw new Fault.Invalid("invalid filter 'dangling=[\"" + text + "\"]'");
  }
}
